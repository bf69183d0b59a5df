// What Rhino evaluates: closures, prototypes, regular expressions, JSON, exceptions, numbers, and Java's own classes.
function counter() {
  var n = 0;
  return function () { return ++n; };
}
var c = counter();
c();
print(c() + ' ' + [3, 1, 2].sort().map(function (x) { return x * x; }).join('-'));
function Animal(name) { this.name = name; }
Animal.prototype.speak = function () { return this.name + ' speaks'; };
function Dog(name) { Animal.call(this, name); }
Dog.prototype = Object.create(Animal.prototype);
Dog.prototype.speak = function () { return Animal.prototype.speak.call(this) + ' woof'; };
print(new Dog('rex').speak() + ' ' + (new Dog('x') instanceof Animal));
print('2024-05-06, 1999-12-31'.replace(/(\d+)-(\d+)-(\d+)/g, '$3.$2.$1') + ' ' + /a(b)?c/.exec('xac'));
print(JSON.stringify({ a: [1, 2.5, null, true], b: { c: 'text\n' } }) + ' ' + JSON.parse('{"k":[1,{"z":2}]}').k[1].z);
try { undefinedFunction(); } catch (e) { print(e.name + ': ' + e.message); }
try { null.x; } catch (e) { print(e instanceof TypeError); }
print(0.1 + 0.2, 1 / 3, 1e21, -0, (255).toString(16), parseInt('12px'), Number('x'), 5 % -3, 1 << 31, 7 >>> 1);
var primes = [];
outer: for (var i = 2; primes.length < 60; i++) {
  for (var j = 0; j < primes.length; j++) if (i % primes[j] === 0) continue outer;
  primes.push(i);
}
print(primes.join(' '));
var list = new java.util.ArrayList();
for (var k = 0; k < 5; k++) list.add('item' + k);
java.util.Collections.reverse(list);
print(list + ' ' + list.size() + ' ' + java.lang.Math.max(3, 4) + ' ' + new java.math.BigInteger('123456789').pow(3));
var r = new java.lang.Runnable({ run: function () { print('run by Java'); } });
var t = new java.lang.Thread(r);
t.start();
t.join();
let [p, q] = [1, 2];
print(p + q, typeof c, (function () { return arguments.length; })(1, 2, 3), eval('1 + 2 * 3'));
function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
print(fib(15), new Date(0).toISOString(), encodeURIComponent('a b&\u00fc'), 'abc'.charCodeAt(1), [1, [2, [3]]].toString());
throw new Error('uncaught at the end');
