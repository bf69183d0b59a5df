// The grammar that ANTLR makes a parser of: statements, expressions with precedence, functions, strings, comments.
grammar Calc;

program : statement* EOF ;

statement
    : ID '=' expression ';'                              # assignment
    | 'print' expression (',' expression)* ';'           # print
    | 'if' expression block ('else' block)?              # branch
    | 'while' expression block                           # loop
    ;

block : '{' statement* '}' ;

expression
    : <assoc=right> expression '^' expression            # power
    | '-' expression                                     # negation
    | expression op=('*' | '/' | '%') expression         # product
    | expression op=('+' | '-') expression               # sum
    | expression op=('<' | '>' | '==' | '!=') expression # comparison
    | ID '(' (expression (',' expression)*)? ')'         # call
    | '(' expression ')'                                 # group
    | NUMBER                                             # number
    | STRING                                             # string
    | ID                                                 # name
    ;

ID : [a-zA-Z_] [a-zA-Z_0-9]* ;
NUMBER : DIGITS ('.' DIGITS)? ([eE] [+-]? DIGITS)? ;
STRING : '"' (~["\\\r\n] | '\\' .)* '"' ;
fragment DIGITS : [0-9]+ ;
COMMENT : '#' ~[\r\n]* -> skip ;
SPACE : [ \t\r\n]+ -> skip ;
