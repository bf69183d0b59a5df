/** What `scotty java --help` and `scotty java -X` print. */

/** The text of `--help`, with a newline at its end. */
export function helpText(): string {
  return `Usage: scotty java [OPTION…] CLASS [ARGUMENT…]              run a class
       scotty java [OPTION…] -jar FILE.jar [ARGUMENT…]      run a jar's main class
       scotty java [OPTION…] -m MODULE[/CLASS] [ARGUMENT…]  run a module's main class
       scotty java [OPTION…] FILE.java [ARGUMENT…]          compile and run a source file (needs a JDK)

Where classes come from:
  -cp, -classpath, --class-path PATH   folders and jars, separated by ':'; DIR/* for all jars of a folder
  -p, --module-path PATH               folders of modules
  --upgrade-module-path PATH           folders of modules that replace the library's
  --java-home DIR                      the JDK or JRE whose class library is used (17)

Modules:
  --add-modules M[,M…]                 resolve these too; also ALL-DEFAULT, ALL-SYSTEM, ALL-MODULE-PATH
  --enable-native-access M[,M…]        let these do restricted native operations
  --list-modules                       list the modules
  -d, --describe-module M              describe one
  --validate-modules                   check all of them
  --show-module-resolution             print how they are resolved
  (more of them: -X)

Running:
  -DNAME=VALUE                         set a system property
  -ea, -da [:PACKAGE...|:CLASS]        assertions on, off (-enableassertions, -disableassertions)
  -esa, -dsa                           the same in the library's classes
  -verbose:class|gc|module             say what is loaded, collected, defined
  --enable-preview                     run classes that use preview features
  --dry-run                            load the main class, do not run it
  @FILE                                options from a file; --disable-@files takes further ones as they are

Information:
  -version, --version                  the version, to the standard error, to the standard output
  -showversion, --show-version         the same, and go on
  -h, -?, -help, --help                this text
  -X, --help-extra                     more options
  --natives                            which of the library's native methods Scotty has

JDK_JAVA_OPTIONS and JAVA_TOOL_OPTIONS hold options that come before these. Long options take --NAME=VALUE as well as
--NAME VALUE.
`;
}

/** The text of `-X`, with a newline at its end. */
export function helpExtraText(): string {
  return `
  -Xmx SIZE, -Xms SIZE, -Xmn SIZE      the heap: largest, at first, its young part; as in -Xmx256m, units k, m, g
  -Xss SIZE                            the stack of each thread
  -Xint                                compile nothing
  -Xmixed, -Xcomp                      compile what is hot
  -Xbootclasspath/a:PATH               folders and jars after the library
  -Xverify[:all|remote|none]           verify all classes, those of the application's loaders, none
  -Xlog:class+load|gc|module           as -verbose:class, -verbose:gc, -verbose:module
  -XshowSettings[:KIND]                print settings first
  -Xdiag                               say more where the main class cannot be loaded
  -XX:FLAG                             those of HotSpot's that mean something here; others are ignored, unknown ones
                                       with a warning

  --add-reads M=OTHER[,OTHER…]         let module M read others
  --add-exports M/PACKAGE=OTHER[,…]    export a package to others
  --add-opens M/PACKAGE=OTHER[,…]      open a package to others
  --limit-modules M[,M…]               only these can be found
  --patch-module M=FILE[:FILE…]        classes and resources that replace a module's
  --source N                           the release of the source file that is run

Taken without effect: -Xbatch, -Xcheck:jni, -Xdebug, -Xfuture, -Xnoclassgc, -Xrs, -Xshare:auto|off|on, -client, -server.
`;
}
