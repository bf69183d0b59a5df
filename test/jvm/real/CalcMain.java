// Runs programs in the language of Calc.g4 with the parser ANTLR generated, by its visitor; reports syntax errors.
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;

public class CalcMain extends CalcBaseVisitor<Object> {
    private final Map<String, Object> variables = new TreeMap<>();

    @Override public Object visitAssignment(CalcParser.AssignmentContext c) {
        return variables.put(c.ID().getText(), visit(c.expression()));
    }

    @Override public Object visitPrint(CalcParser.PrintContext c) {
        List<Object> values = new ArrayList<>();
        for (CalcParser.ExpressionContext e : c.expression()) values.add(visit(e));
        System.out.println(values);
        return null;
    }

    @Override public Object visitBranch(CalcParser.BranchContext c) {
        if (number(c.expression()) != 0) visit(c.block(0));
        else if (c.block(1) != null) visit(c.block(1));
        return null;
    }

    @Override public Object visitLoop(CalcParser.LoopContext c) {
        while (number(c.expression()) != 0) visit(c.block());
        return null;
    }

    private double number(CalcParser.ExpressionContext e) {
        return (Double) visit(e);
    }

    @Override public Object visitPower(CalcParser.PowerContext c) {
        return StrictMath.pow(number(c.expression(0)), number(c.expression(1)));
    }

    @Override public Object visitNegation(CalcParser.NegationContext c) {
        return -number(c.expression());
    }

    @Override public Object visitProduct(CalcParser.ProductContext c) {
        double a = number(c.expression(0)), b = number(c.expression(1));
        return switch (c.op.getText()) {
            case "*" -> a * b;
            case "/" -> a / b;
            default -> a % b;
        };
    }

    @Override public Object visitSum(CalcParser.SumContext c) {
        Object a = visit(c.expression(0)), b = visit(c.expression(1));
        if (a instanceof String || b instanceof String) return "" + a + b;
        return c.op.getText().equals("+") ? (Double) a + (Double) b : (Double) a - (Double) b;
    }

    @Override public Object visitComparison(CalcParser.ComparisonContext c) {
        int order = Double.compare(number(c.expression(0)), number(c.expression(1)));
        boolean holds = switch (c.op.getText()) {
            case "<" -> order < 0;
            case ">" -> order > 0;
            case "==" -> order == 0;
            default -> order != 0;
        };
        return holds ? 1.0 : 0.0;
    }

    @Override public Object visitCall(CalcParser.CallContext c) {
        double[] values = c.expression().stream().mapToDouble(this::number).toArray();
        return switch (c.ID().getText()) {
            case "sqrt" -> Math.sqrt(values[0]);
            case "max" -> java.util.Arrays.stream(values).max().getAsDouble();
            default -> throw new IllegalArgumentException("no function " + c.ID().getText());
        };
    }

    @Override public Object visitGroup(CalcParser.GroupContext c) {
        return visit(c.expression());
    }

    @Override public Object visitNumber(CalcParser.NumberContext c) {
        return Double.valueOf(c.getText());
    }

    @Override public Object visitString(CalcParser.StringContext c) {
        return c.getText().substring(1, c.getText().length() - 1);
    }

    @Override public Object visitName(CalcParser.NameContext c) {
        return variables.getOrDefault(c.getText(), 0.0);
    }

    static void run(String source) {
        CalcLexer lexer = new CalcLexer(CharStreams.fromString(source));
        CalcParser parser = new CalcParser(new CommonTokenStream(lexer));
        BaseErrorListener listener = new BaseErrorListener() {
            @Override public void syntaxError(Recognizer<?, ?> r, Object s, int line, int at, String m, RecognitionException e) {
                System.out.println(line + ":" + at + " " + m);
            }
        };
        lexer.removeErrorListeners();
        lexer.addErrorListener(listener);
        parser.removeErrorListeners();
        parser.addErrorListener(listener);
        CalcParser.ProgramContext tree = parser.program();
        System.out.println(tree.toStringTree(parser));
        if (parser.getNumberOfSyntaxErrors() > 0) return;
        CalcMain main = new CalcMain();
        try {
            main.visit(tree);
        } catch (RuntimeException e) {
            System.out.println(e);
        }
        System.out.println(main.variables);
    }

    public static void main(String[] args) {
        run("x = 3; y = x ^ 2 ^ 1 * 2 + -1; print x, y, \"s\" + y; # comment\nif y > 10 { z = sqrt(y - 1); } else { z = 0; }");
        run("n = 10; s = 0; while n > 0 { s = s + n * n % 7; n = n - 1; } print s, max(1, s, 3.5e1), (1 + 2) * 3 / 4;");
        run("x = ; print 1 +; @ y = 2");
        run("print nope(1);");
    }
}
