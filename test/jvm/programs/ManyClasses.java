// Many classes: a hundred lambdas and fifty classes, each used once, summed up.
import java.util.function.IntUnaryOperator;

public class ManyClasses {
    static class C0 { int f0 = 0; int get() { return f0; } }
    static class C1 extends C0 { int f1 = 1; int get() { return f1 + super.get(); } }
    static class C2 extends C1 { int f2 = 2; int get() { return f2 + super.get(); } }
    static class C3 extends C2 { int f3 = 3; int get() { return f3 + super.get(); } }
    static class C4 extends C3 { int f4 = 4; int get() { return f4 + super.get(); } }
    static class C5 { int f5 = 5; int get() { return f5; } }
    static class C6 extends C5 { int f6 = 6; int get() { return f6 + super.get(); } }
    static class C7 extends C6 { int f7 = 7; int get() { return f7 + super.get(); } }
    static class C8 extends C7 { int f8 = 8; int get() { return f8 + super.get(); } }
    static class C9 extends C8 { int f9 = 9; int get() { return f9 + super.get(); } }
    static class C10 { int f10 = 10; int get() { return f10; } }
    static class C11 extends C10 { int f11 = 11; int get() { return f11 + super.get(); } }
    static class C12 extends C11 { int f12 = 12; int get() { return f12 + super.get(); } }
    static class C13 extends C12 { int f13 = 13; int get() { return f13 + super.get(); } }
    static class C14 extends C13 { int f14 = 14; int get() { return f14 + super.get(); } }
    static class C15 { int f15 = 15; int get() { return f15; } }
    static class C16 extends C15 { int f16 = 16; int get() { return f16 + super.get(); } }
    static class C17 extends C16 { int f17 = 17; int get() { return f17 + super.get(); } }
    static class C18 extends C17 { int f18 = 18; int get() { return f18 + super.get(); } }
    static class C19 extends C18 { int f19 = 19; int get() { return f19 + super.get(); } }
    static class C20 { int f20 = 20; int get() { return f20; } }
    static class C21 extends C20 { int f21 = 21; int get() { return f21 + super.get(); } }
    static class C22 extends C21 { int f22 = 22; int get() { return f22 + super.get(); } }
    static class C23 extends C22 { int f23 = 23; int get() { return f23 + super.get(); } }
    static class C24 extends C23 { int f24 = 24; int get() { return f24 + super.get(); } }
    static class C25 { int f25 = 25; int get() { return f25; } }
    static class C26 extends C25 { int f26 = 26; int get() { return f26 + super.get(); } }
    static class C27 extends C26 { int f27 = 27; int get() { return f27 + super.get(); } }
    static class C28 extends C27 { int f28 = 28; int get() { return f28 + super.get(); } }
    static class C29 extends C28 { int f29 = 29; int get() { return f29 + super.get(); } }
    static class C30 { int f30 = 30; int get() { return f30; } }
    static class C31 extends C30 { int f31 = 31; int get() { return f31 + super.get(); } }
    static class C32 extends C31 { int f32 = 32; int get() { return f32 + super.get(); } }
    static class C33 extends C32 { int f33 = 33; int get() { return f33 + super.get(); } }
    static class C34 extends C33 { int f34 = 34; int get() { return f34 + super.get(); } }
    static class C35 { int f35 = 35; int get() { return f35; } }
    static class C36 extends C35 { int f36 = 36; int get() { return f36 + super.get(); } }
    static class C37 extends C36 { int f37 = 37; int get() { return f37 + super.get(); } }
    static class C38 extends C37 { int f38 = 38; int get() { return f38 + super.get(); } }
    static class C39 extends C38 { int f39 = 39; int get() { return f39 + super.get(); } }
    static class C40 { int f40 = 40; int get() { return f40; } }
    static class C41 extends C40 { int f41 = 41; int get() { return f41 + super.get(); } }
    static class C42 extends C41 { int f42 = 42; int get() { return f42 + super.get(); } }
    static class C43 extends C42 { int f43 = 43; int get() { return f43 + super.get(); } }
    static class C44 extends C43 { int f44 = 44; int get() { return f44 + super.get(); } }
    static class C45 { int f45 = 45; int get() { return f45; } }
    static class C46 extends C45 { int f46 = 46; int get() { return f46 + super.get(); } }
    static class C47 extends C46 { int f47 = 47; int get() { return f47 + super.get(); } }
    static class C48 extends C47 { int f48 = 48; int get() { return f48 + super.get(); } }
    static class C49 extends C48 { int f49 = 49; int get() { return f49 + super.get(); } }
    public static void main(String[] args) {
        IntUnaryOperator[] fs = {
            x -> x * 3 + 0,
            x -> x * 4 + 1,
            x -> x * 5 + 2,
            x -> x * 6 + 3,
            x -> x * 7 + 4,
            x -> x * 8 + 5,
            x -> x * 9 + 6,
            x -> x * 10 + 7,
            x -> x * 11 + 8,
            x -> x * 12 + 9,
            x -> x * 13 + 10,
            x -> x * 14 + 11,
            x -> x * 15 + 12,
            x -> x * 16 + 13,
            x -> x * 17 + 14,
            x -> x * 18 + 15,
            x -> x * 19 + 16,
            x -> x * 20 + 17,
            x -> x * 21 + 18,
            x -> x * 22 + 19,
            x -> x * 23 + 20,
            x -> x * 24 + 21,
            x -> x * 25 + 22,
            x -> x * 26 + 23,
            x -> x * 27 + 24,
            x -> x * 28 + 25,
            x -> x * 29 + 26,
            x -> x * 30 + 27,
            x -> x * 31 + 28,
            x -> x * 32 + 29,
            x -> x * 33 + 30,
            x -> x * 34 + 31,
            x -> x * 35 + 32,
            x -> x * 36 + 33,
            x -> x * 37 + 34,
            x -> x * 38 + 35,
            x -> x * 39 + 36,
            x -> x * 40 + 37,
            x -> x * 41 + 38,
            x -> x * 42 + 39,
            x -> x * 43 + 40,
            x -> x * 44 + 41,
            x -> x * 45 + 42,
            x -> x * 46 + 43,
            x -> x * 47 + 44,
            x -> x * 48 + 45,
            x -> x * 49 + 46,
            x -> x * 50 + 47,
            x -> x * 51 + 48,
            x -> x * 52 + 49,
            x -> x * 53 + 50,
            x -> x * 54 + 51,
            x -> x * 55 + 52,
            x -> x * 56 + 53,
            x -> x * 57 + 54,
            x -> x * 58 + 55,
            x -> x * 59 + 56,
            x -> x * 60 + 57,
            x -> x * 61 + 58,
            x -> x * 62 + 59,
            x -> x * 63 + 60,
            x -> x * 64 + 61,
            x -> x * 65 + 62,
            x -> x * 66 + 63,
            x -> x * 67 + 64,
            x -> x * 68 + 65,
            x -> x * 69 + 66,
            x -> x * 70 + 67,
            x -> x * 71 + 68,
            x -> x * 72 + 69,
            x -> x * 73 + 70,
            x -> x * 74 + 71,
            x -> x * 75 + 72,
            x -> x * 76 + 73,
            x -> x * 77 + 74,
            x -> x * 78 + 75,
            x -> x * 79 + 76,
            x -> x * 80 + 77,
            x -> x * 81 + 78,
            x -> x * 82 + 79,
            x -> x * 83 + 80,
            x -> x * 84 + 81,
            x -> x * 85 + 82,
            x -> x * 86 + 83,
            x -> x * 87 + 84,
            x -> x * 88 + 85,
            x -> x * 89 + 86,
            x -> x * 90 + 87,
            x -> x * 91 + 88,
            x -> x * 92 + 89,
            x -> x * 93 + 90,
            x -> x * 94 + 91,
            x -> x * 95 + 92,
            x -> x * 96 + 93,
            x -> x * 97 + 94,
            x -> x * 98 + 95,
            x -> x * 99 + 96,
            x -> x * 100 + 97,
            x -> x * 101 + 98,
            x -> x * 102 + 99,
        };
        int v = 1;
        for (IntUnaryOperator f : fs) v = f.applyAsInt(v);
        System.out.println(v);
        System.out.print(new C4().get() + " ");
        System.out.print(new C9().get() + " ");
        System.out.print(new C14().get() + " ");
        System.out.print(new C19().get() + " ");
        System.out.print(new C24().get() + " ");
        System.out.print(new C29().get() + " ");
        System.out.print(new C34().get() + " ");
        System.out.print(new C39().get() + " ");
        System.out.print(new C44().get() + " ");
        System.out.print(new C49().get() + " ");
        System.out.println();
    }
}
