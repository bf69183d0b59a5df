// What all kernels share: runs one a few times in its own process and prints its best time and its checksum. A kernel's
// work is one call of run(), the same each time, of a few tenths of a second under an interpreter.
public abstract class Kernel {
    /** Does the work once; the same number each time. */
    protected abstract long run();

    /** Prints `NANOSECONDS CHECKSUM`: the best of as many runs as the first argument says, by default 5. */
    protected final void measure(String[] args) {
        int runs = args.length > 0 ? Integer.parseInt(args[0]) : 5;
        long best = Long.MAX_VALUE;
        long checksum = 0;
        for (int i = 0; i < runs; i++) {
            long start = System.nanoTime();
            long result = run();
            best = Math.min(best, System.nanoTime() - start);
            if (i > 0 && result != checksum) throw new IllegalStateException("run " + i + " answers " + result);
            checksum = result;
        }
        System.out.println(best + " " + checksum);
    }
}
