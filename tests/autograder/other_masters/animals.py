"""Classes: instances, inheritance, dunder methods, properties, generators, exceptions of one's own."""

from __future__ import annotations

from tests.autograder.other_masters.building import Answers

MASTER = r'''
# %%
# ASSIGNMENT CONFIG
name: answers
export_cell: {pdf: false}
tests: {files: true, ok_format: false}
# %%
# BEGIN QUESTION
name: q1
points: 5
# %%
#: `Animal` with a name and `speak()`, `Dog` and `Puppy` below it; `rex` is a dog.
# %%
# BEGIN SOLUTION
# %%
# BEGIN SOLUTION
class Animal:
    """An animal."""
    count = 0
    def __init__(self, name, legs=4):
        self.name, self.legs, self.friends = name, legs, []
        Animal.count += 1
    def speak(self):
        raise NotImplementedError("which animal?")
    def __str__(self):
        return f"{type(self).__name__} {self.name}"
    def __repr__(self):
        return f"{type(self).__name__}({self.name!r})"

class Dog(Animal):
    def speak(self):
        return "Woof"
    def befriend(self, other):
        self.friends.append(other)
        other.friends.append(self)

class Puppy(Dog):
    def speak(self):
        return super().speak().lower()

rex = Dog("Rex")
# END SOLUTION
# %%
# END SOLUTION
# %%
# BEGIN TESTS
# %%
def test_rex(rex, Dog, Animal):
    assert rex and rex != None
    assert isinstance(rex, Dog) and isinstance(rex, Animal)
    assert rex.name == "Rex" and rex.legs == 4 and rex.speak() == "Woof"
# %%
def test_text(rex, Puppy):
    assert str(rex) == "Dog Rex"
    assert f"{rex}!" == "Dog Rex!" and repr(Puppy("Bo")) == "Puppy('Bo')"
    assert "{}".format(rex) == "Dog Rex" and "%s" % rex == "Dog Rex"
# %%
# HIDDEN
def test_inheritance(Animal, Dog, Puppy, rex):
    assert issubclass(Puppy, Dog) and issubclass(Dog, Animal) and not issubclass(Animal, Dog)
    assert Puppy("Bo").speak() == "woof"
    assert not isinstance(rex, Puppy) and not isinstance("Rex", Animal)
    assert Dog.__name__ == "Dog" and "animal" in Animal.__doc__.lower()
    assert type(rex).__name__ == "Dog" and rex.__class__.__name__ == "Dog"
# %%
# HIDDEN
def test_abstract(Animal):
    try:
        Animal("x").speak()
    except NotImplementedError:
        pass
    else:
        raise AssertionError("an animal cannot speak")
# %%
# HIDDEN
def test_state(Animal, Dog, rex):
    before = Animal.count
    a, b = Dog("A"), Dog("B", legs=3)
    assert Animal.count == before + 2
    a.befriend(b)
    assert a.friends[0] is b and b.friends == [a] and a in b.friends
    assert [f.name for f in a.friends] == ["B"]
    b.legs -= 1
    assert b.legs == 2 and hasattr(b, "legs") and not hasattr(b, "wings")
    assert getattr(b, "wings", 0) == 0 and vars(b)["name"] == "B" and "name" in b.__dict__
    assert callable(b.speak) and callable(Dog)
    assert a.friends is not b.friends
# %%
# END TESTS
# %%
# END QUESTION
# %%
# BEGIN QUESTION
name: q2
points: 6
# %%
#: `Vector` with components `x`, `y`: `+`, `-`, `*` by a number, `==`, `abs`, order by length, `bool`, `hash`, items.
# %%
# BEGIN SOLUTION
# %%
# BEGIN SOLUTION
from functools import total_ordering

@total_ordering
class Vector:
    def __init__(self, x, y):
        self.x, self.y = x, y
    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)
    def __sub__(self, other):
        return Vector(self.x - other.x, self.y - other.y)
    def __mul__(self, k):
        if isinstance(k, Vector):
            return self.x * k.x + self.y * k.y
        return Vector(self.x * k, self.y * k)
    __rmul__ = __mul__
    def __neg__(self):
        return -1 * self
    def __abs__(self):
        return (self.x**2 + self.y**2) ** 0.5
    def __eq__(self, other):
        if isinstance(other, tuple):
            other = Vector(*other)
        return (self.x, self.y) == (other.x, other.y)
    def __lt__(self, other):
        return abs(self) < abs(other)
    def __hash__(self):
        return hash((self.x, self.y))
    def __bool__(self):
        return bool(self.x or self.y)
    def __getitem__(self, i):
        return (self.x, self.y)[i]
    def __len__(self):
        return 2
    def __contains__(self, value):
        return value in (self.x, self.y)
    def __repr__(self):
        return f"<{self.x}, {self.y}>"
# END SOLUTION
# %%
# END SOLUTION
# %%
# BEGIN TESTS
# %%
def test_sum(Vector):
    assert Vector(1, 2) + Vector(3, 4) == Vector(4, 6)
    assert (Vector(1, 2) - Vector(3, 4)).x == -2
    assert Vector(1, 2) != Vector(1, 3)
# %%
def test_product(Vector):
    v = Vector(1, 2)
    assert v * 3 == Vector(3, 6) and 3 * v == Vector(3, 6)
    assert v * v == 5 and -v == Vector(-1, -2) and (v * 3 + v) * 2 == Vector(8, 16)
# %%
# HIDDEN
def test_order(Vector):
    a, b, c = Vector(3, 4), Vector(0, 1), Vector(0, 0)
    assert abs(a) == 5.0 and b < a and a >= b and not a < c
    assert sorted([a, b, c])[0] is c and max([c, a, b]) is a
    assert bool(a) is True and not c
# %%
# HIDDEN
def test_items(Vector):
    v = Vector(3, 4)
    assert len(v) == 2 and v[0] == 3 and v[-1] == 4 and list(v) == [3, 4]
    assert 3 in v and 5 not in v
    x, y = v
    assert (x, y) == (3, 4) and tuple(v) == (3, 4) and sum(v) == 7
    try:
        v[2]
        assert False, "v[2] should fail"
    except IndexError:
        pass
# %%
# HIDDEN
def test_hash(Vector):
    assert hash(Vector(1, 2)) == hash(Vector(1, 2))
    assert len({Vector(1, 2), Vector(1, 2), Vector(2, 1)}) == 2
    assert {Vector(1, 2): "a"}[Vector(1, 2)] == "a"
    assert Vector(1, 2) in [Vector(0, 0), Vector(1, 2)]
# %%
# HIDDEN
def test_tuple(Vector):
    assert Vector(1, 2) == (1, 2) and Vector(1, 2) != (2, 1)
    assert repr(Vector(1, 2)) == "<1, 2>" and str([Vector(1, 2)]) == "[<1, 2>]"
# %%
# END TESTS
# %%
# END QUESTION
# %%
# BEGIN QUESTION
name: q3
points: 4
# %%
#: `Account` with a `balance` that nobody sets, `deposit`, `withdraw`, its own error, and `with`; `History` is a list.
# %%
# BEGIN SOLUTION
# %%
# BEGIN SOLUTION
class TooPoor(Exception):
    pass

class History(list):
    def last(self):
        return self[-1]

class Account:
    def __init__(self, balance=0):
        self._balance, self.history, self.open = balance, History(), False
    @property
    def balance(self):
        return self._balance
    @classmethod
    def empty(cls):
        return cls(0)
    @staticmethod
    def rate():
        return 0.02
    def deposit(self, amount):
        if amount <= 0:
            raise ValueError("an amount must be positive")
        self._balance += amount
        self.history.append(amount)
        return self
    def withdraw(self, amount):
        if amount > self._balance:
            raise TooPoor(f"{amount} is too much")
        self._balance -= amount
        self.history.append(-amount)
    def __enter__(self):
        self.open = True
        return self
    def __exit__(self, *error):
        self.open = False
# END SOLUTION
# %%
# END SOLUTION
# %%
# BEGIN TESTS
# %%
def test_balance(Account):
    a = Account(10)
    a.deposit(5).deposit(1)
    assert a.balance == 16 and Account.empty().balance == 0 and Account.rate() == 0.02
    try:
        a.balance = 100
    except AttributeError:
        pass
    assert a.balance == 16
# %%
# HIDDEN
def test_errors(Account, TooPoor):
    a = Account()
    try:
        a.withdraw(1)
        assert False, "no error"
    except TooPoor as error:
        assert str(error) == "1 is too much"
    try:
        a.deposit(-1)
        assert False, "no error"
    except ValueError as error:
        assert "positive" in str(error)
    assert issubclass(TooPoor, Exception)
# %%
# HIDDEN
def test_with(Account):
    a = Account()
    with a as b:
        assert a.open and b is a
    assert not a.open
# %%
# HIDDEN
def test_history(Account, History):
    a = Account(10)
    a.deposit(5)
    a.withdraw(2)
    assert a.history == [5, -2]
    h = History()
    h.append(1)
    h.append(2)
    assert h.last() == 2 and len(h) == 2 and h == [1, 2] and isinstance(h, list)
# %%
# END TESTS
# %%
# END QUESTION
# %%
# BEGIN QUESTION
name: q4
points: 4
# %%
#: `countdown(n)`, a generator; `Stack`, iterable from the top; a dataclass `Point` with `norm()`.
# %%
# BEGIN SOLUTION
# %%
# BEGIN SOLUTION
from dataclasses import dataclass

def countdown(n):
    while n > 0:
        yield n
        n -= 1

class Stack:
    def __init__(self, items=()):
        self._items = list(items)
    def push(self, item):
        self._items.append(item)
    def pop(self):
        return self._items.pop()
    def __iter__(self):
        return reversed(self._items)
    def __len__(self):
        return len(self._items)

@dataclass
class Point:
    x: float
    y: float = 0.0
    def norm(self):
        return (self.x**2 + self.y**2) ** 0.5
# END SOLUTION
# %%
# END SOLUTION
# %%
# BEGIN TESTS
# %%
def test_countdown(countdown):
    import types
    gen = countdown(3)
    assert isinstance(gen, types.GeneratorType)
    assert next(gen) == 3 and list(gen) == [2, 1] and next(gen, None) is None
    assert sum(countdown(4)) == 10 and iter(gen) is gen
# %%
# HIDDEN
def test_stack(Stack):
    s = Stack()
    assert len(s) == 0 and not s
    s.push(1); s.push("b"); s.push(1)
    assert s and 1 in s and "c" not in s and list(s) == [1, "b", 1]
    assert s.pop() == 1 and len(s) == 2
    for _ in range(2):
        s.pop()
    try:
        s.pop()
        assert False
    except IndexError:
        pass
# %%
# HIDDEN
def test_point(Point):
    import dataclasses
    p = Point(3, 4)
    assert p.norm() == 5 and p == Point(3, 4) and p != Point(4, 3) and Point(1).y == 0
    p.x = 0
    assert p.norm() == 4 and repr(Point(1, 2)) == "Point(x=1, y=2)" and isinstance(p, Point)
    assert dataclasses.is_dataclass(Point)
# %%
# HIDDEN
def test_signature(countdown, Point):
    import inspect
    assert inspect.isgeneratorfunction(countdown)
    assert list(inspect.signature(countdown).parameters) == ["n"]
    assert inspect.isclass(Point) and inspect.isfunction(countdown)
    assert "yield" in inspect.getsource(countdown)
# %%
# END TESTS
# %%
# END QUESTION
'''

FILES: dict[str, str] = {}

FULL = {"q1": 5, "q2": 6, "q3": 4, "q4": 4}

SUBMISSIONS = {
    "solution": Answers(FULL),
    "release": Answers(dict.fromkeys(FULL, 0), base="release"),
    "partly wrong": Answers(
        {"q1": 2, "q2": 2, "q3": 3, "q4": 2},
        {
            "q1": "class Animal:\n    def __init__(self, name, legs=4):\n        self.name, self.legs = name, legs\n"
            "    def speak(self):\n        return ''\n    def __str__(self):\n        return f'{type(self).__name__} {self.name}'\n"
            "    def __repr__(self):\n        return f'{type(self).__name__}({self.name!r})'\n"
            "class Dog(Animal):\n    def speak(self):\n        return 'Woof'\n"
            "class Puppy(Animal):\n    def speak(self):\n        return 'woof'\nrex = Dog('Rex')",
            "q2": "class Vector:\n    def __init__(self, x, y):\n        self.x, self.y = x, y\n"
            "    def __add__(self, o):\n        return Vector(self.x + o.x, self.y + o.y)\n"
            "    def __sub__(self, o):\n        return Vector(self.x - o.x, self.y - o.y)\n"
            "    def __eq__(self, o):\n        return (self.x, self.y) == (o.x, o.y)\n"
            "    def __getitem__(self, i):\n        return [self.x, self.y][i]\n"
            "    def __len__(self):\n        return 2\n"
            "    def __mul__(self, k):\n        return Vector(self.x * k, self.y * k)\n",
            "q3": "class TooPoor(ValueError):\n    pass\nclass History(list):\n    def last(self):\n        return self[-1]\n"
            "class Account:\n    def __init__(self, balance=0):\n        self.history = []; self._b = balance\n"
            "    balance = property(lambda self: self._b)\n    @classmethod\n    def empty(cls):\n        return cls()\n"
            "    @staticmethod\n    def rate():\n        return 0.02\n"
            "    def deposit(self, amount):\n        if amount <= 0:\n            raise ValueError('not positive')\n"
            "        self._b += amount; self.history.append(amount); return self\n"
            "    def withdraw(self, amount):\n        if amount > self._b:\n            raise TooPoor(f'{amount} is too much')\n"
            "        self._b -= amount; self.history.append(-amount)",
            "q4": "from dataclasses import dataclass\ndef countdown(n):\n    return list(range(n, 0, -1))\n"
            "class Stack(list):\n    def push(self, x):\n        self.insert(0, x)\n    def pop(self):\n        return super().pop(0)\n"
            "@dataclass\nclass Point:\n    x: float\n    y: float = 0\n    def norm(self):\n        return abs(self.x + 1j * self.y)",
        },
    ),
    "an error and a gap": Answers(
        {"q1": 0, "q2": 6, "q3": 0, "q4": 1},
        {
            "q1": "class Dog(Animal):\n    pass",
            "q3": "pass",
            "q4": "def countdown(n):\n    yield from range(n, 0, -1)\nclass Stack:\n    push = pop = None\nraise RuntimeError('stuck')",
        },
    ),
}
