// Dynamic proxies: dispatch, Object's methods, default methods, checked exceptions, boxing, several interfaces.
import java.lang.reflect.*;
import java.util.*;

public class Proxies {
    interface Shape { double area(double scale); default String info() { return "info " + area(2); } void move(int x, long y, String... why) throws java.io.IOException; boolean flag(); int count(); }
    interface Named { String name(); }
    static class Recorder implements InvocationHandler {
        final StringBuilder log = new StringBuilder();
        public Object invoke(Object proxy, Method m, Object[] args) throws Throwable {
            log.append(m.getName()).append(args == null ? "-" : Arrays.deepToString(args)).append(';');
            switch (m.getName()) { case "area": return (double) args[0] * 3; case "flag": return true; case "count": return null; case "name": return 5; case "toString": return "proxy!"; case "hashCode": return 77; case "equals": return proxy == args[0]; case "info": return InvocationHandler.invokeDefault(proxy, m, args); case "move": if (args[2] instanceof String[] s && s.length > 0) throw s[0].equals("io") ? new java.io.IOException("declared") : s[0].equals("ex") ? new Exception("undeclared") : new IllegalArgumentException("runtime"); return null; default: return null; }
        }
    }
    public static void main(String[] args) throws Exception {
        Recorder r = new Recorder(); Object p = Proxy.newProxyInstance(Proxies.class.getClassLoader(), new Class<?>[] {Shape.class, Named.class, Comparable.class}, r); Shape s = (Shape) p; System.out.println(s.area(1.5) + " " + s.flag() + " " + s.info() + " " + p + " " + p.hashCode() + " " + p.equals(p) + p.equals("x")); s.move(1, 2L); for (String w : new String[] {"io", "ex", "rt"}) try { s.move(1, 2L, w, "b"); } catch (UndeclaredThrowableException e) { System.out.println("undeclared " + e.getCause()); } catch (Exception e) { System.out.println(e); } try { s.count(); } catch (NullPointerException e) { System.out.println("NPE"); } try { ((Named) p).name(); } catch (ClassCastException e) { System.out.println("CCE"); } System.out.println(((Comparable) p).getClass() == p.getClass()); System.out.println(r.log); System.out.println(Proxy.isProxyClass(p.getClass()) + " " + (Proxy.getInvocationHandler(p) == r) + " " + Modifier.toString(p.getClass().getModifiers()) + " " + Arrays.toString(p.getClass().getInterfaces()));
        Object again = Proxy.newProxyInstance(Proxies.class.getClassLoader(), new Class<?>[] {Shape.class, Named.class, Comparable.class}, r); System.out.println(again.getClass() == p.getClass()); try { Proxy.newProxyInstance(Proxies.class.getClassLoader(), new Class<?>[] {String.class}, r); } catch (IllegalArgumentException e) { System.out.println(e.getMessage()); } try { Proxy.newProxyInstance(Proxies.class.getClassLoader(), new Class<?>[] {Named.class, Named.class}, r); } catch (IllegalArgumentException e) { System.out.println(e.getMessage()); } try { Proxy.getInvocationHandler("x"); } catch (IllegalArgumentException e) { System.out.println(e.getMessage()); } List<String> l = (List<String>) Proxy.newProxyInstance(Proxies.class.getClassLoader(), new Class<?>[] {List.class}, (pr, m, a) -> { try { return m.invoke(List.of("x", "y"), a); } catch (InvocationTargetException e) { throw e.getCause(); } }); System.out.println(l.get(1) + l.size() + l.stream().toList()); try { l.get(9); } catch (IndexOutOfBoundsException e) { System.out.println(e.getMessage()); } try { l.add("z"); } catch (UnsupportedOperationException e) { System.out.println("unsupported"); }
    }
}
