"""Data frames: values and functions, compared with ``==``, ``.equals`` and ``pd.testing``."""

from __future__ import annotations

from tests.autograder.other_masters.building import Answers

MASTER = """
# %%
# ASSIGNMENT CONFIG
name: answers
export_cell: {pdf: false}
files: [trips.csv]
tests: {files: true, ok_format: false}
# %%
import numpy as np
import pandas as pd
trips = pd.read_csv("trips.csv", parse_dates=["day"])
# %%
# BEGIN QUESTION
name: q1
points: 3
# %%
#: The mean price of a trip in each city: a Series `by_city`, and the number of trips `n_trips`.
# %%
# BEGIN SOLUTION
# %%
by_city = trips.groupby("city")["price"].mean()  # SOLUTION
n_trips = len(trips)  # SOLUTION
# %%
# END SOLUTION
# %%
# BEGIN TESTS
# %%
def test_mean(by_city, pd):
    assert isinstance(by_city, pd.Series)
    assert by_city["Oslo"] == 35
    assert list(by_city.index) == ["Bergen", "Oslo", "Tromsø"]
# %%
# HIDDEN
def test_all(env):
    pd, trips = env["pd"], env["trips"]
    pd.testing.assert_series_equal(env["by_city"], trips.groupby("city").price.mean())
    assert (env["by_city"] == trips.groupby("city").price.mean()).all()
# %%
# HIDDEN
def test_count(n_trips, np):
    assert n_trips == 6 and isinstance(n_trips, (int, np.integer))
# %%
# END TESTS
# %%
# END QUESTION
# %%
# BEGIN QUESTION
name: q2
points: [1, 2]
# %%
#: Write `cheapest(df, k)`: the `k` cheapest trips as a new frame, cheapest first, counted from 0.
# %%
# BEGIN SOLUTION
# %%
def cheapest(df, k):
    # BEGIN SOLUTION
    return df.sort_values("price").head(k).reset_index(drop=True)
    # END SOLUTION
# %%
# END SOLUTION
# %%
# BEGIN TESTS
# %%
def test_shape(cheapest, trips, pd):
    out = cheapest(trips, 3)
    assert isinstance(out, pd.DataFrame) and out.shape == (3, 4)
    assert list(out.columns) == list(trips.columns)
# %%
# HIDDEN
def test_values(cheapest, pd):
    df = pd.DataFrame({"price": [3.5, 1, 2], "city": ["a", None, "c"], "n": pd.Categorical(["x", "y", "x"])})
    before = df.copy()
    out = cheapest(df, 2)
    expected = df.iloc[[1, 2]].reset_index(drop=True)
    pd.testing.assert_frame_equal(out, expected)
    assert out.equals(expected)
    assert (out == expected).sum().sum() == 5
    assert df.equals(before), "the argument was changed"
# %%
# END TESTS
# %%
# END QUESTION
# %%
# BEGIN QUESTION
name: q3
points: 4
# %%
#: A pivot table `table` of the total price (rows: city, columns: size), and `stats`, minimum and maximum by city.
# %%
# BEGIN SOLUTION
# %%
table = trips.pivot_table(index="city", columns="size", values="price", aggfunc="sum")  # SOLUTION
stats = trips.groupby("city").agg({"price": ["min", "max"]})  # SOLUTION
# %%
# END SOLUTION
# %%
# BEGIN TESTS
# %%
def test_table(table, np):
    assert table.loc["Oslo", "L"] == 40
    assert np.isnan(table.loc["Tromsø", "L"])
    assert table.columns.name == "size" and table.index.name == "city"
# %%
# HIDDEN
def test_table_all(table, trips, pd):
    expected = pd.pivot_table(trips, values="price", index="city", columns="size", aggfunc="sum")
    pd.testing.assert_frame_equal(table, expected)
# %%
# HIDDEN
def test_stats(stats, trips, pd):
    assert stats[("price", "max")].max() == 90
    assert stats["price"]["min"]["Oslo"] == 30
    pd.testing.assert_frame_equal(stats, trips.groupby("city").agg({"price": ["min", "max"]}))
# %%
# HIDDEN
def test_nlevels(stats):
    assert stats.columns.nlevels == 2
# %%
# END TESTS
# %%
# END QUESTION
# %%
# BEGIN QUESTION
name: q4
points: 4
# %%
#: `weekly`, the money taken each week; `sizes`, the column `size` as an ordered category S < L; `first`, the first day.
# %%
# BEGIN SOLUTION
# %%
weekly = trips.set_index("day")["price"].resample("W").sum()  # SOLUTION
sizes = trips["size"].astype(pd.CategoricalDtype(["S", "L"], ordered=True))  # SOLUTION
first = trips["day"].min()  # SOLUTION
# %%
# END SOLUTION
# %%
# BEGIN TESTS
# %%
def test_first(first, pd):
    assert first == pd.Timestamp("2024-01-01")
    assert first.year == 2024 and first.day_name() == "Monday"
# %%
def test_weekly(weekly, pd):
    assert isinstance(weekly.index, pd.DatetimeIndex)
    assert weekly.loc["2024-01-07"] == 110
# %%
# HIDDEN
def test_weekly_all(weekly, trips, pd):
    pd.testing.assert_series_equal(weekly, trips.set_index("day")["price"].resample("W").sum())
# %%
# HIDDEN
def test_sizes(sizes, trips):
    assert sizes.dtype == "category" and sizes.cat.ordered
    assert list(sizes.cat.categories) == ["S", "L"]
    assert (sizes > "S").sum() == 2 and sizes.max() == "L"
    assert sizes.astype(str).tolist() == trips["size"].tolist()
# %%
# END TESTS
# %%
# END QUESTION
# %%
# BEGIN QUESTION
name: q5
points: 2
# %%
#: Write `longest_name(df)`, the longest city, and `tidy(df)`, with trimmed lower case names, nullable integers, and no gaps.
# %%
# BEGIN SOLUTION
# %%
def longest_name(df):
    # BEGIN SOLUTION
    return df["city"].str.len().groupby(df["city"]).max().idxmax()
    # END SOLUTION

def tidy(df):
    # BEGIN SOLUTION
    out = df.dropna().copy()
    out["city"] = out["city"].str.strip().str.lower()
    out["n"] = out["n"].astype("Int64")
    return out
    # END SOLUTION
# %%
# END SOLUTION
# %%
# BEGIN TESTS
# %%
def test_longest(longest_name, trips):
    assert longest_name(trips) in ("Bergen", "Tromsø")
# %%
# HIDDEN
def test_tidy(tidy, pd, np):
    df = pd.DataFrame({"city": [" Oslo", None, "Bodø "], "n": [1.0, 2.0, 3.0], "on": pd.to_datetime(["2024-05-01"] * 3, utc=True)})
    out = tidy(df)
    assert out["city"].tolist() == ["oslo", "bodø"]
    assert out["n"].dtype == "Int64" and out["n"].sum() == 4
    assert str(out["on"].dtype).endswith("UTC]")
    assert out.index.tolist() == [0, 2] and not out.isna().any().any()
    assert df.shape == (3, 3)
# %%
# END TESTS
# %%
# END QUESTION
"""

FILES = {
    "trips.csv": """day,city,price,size
2024-01-01,Oslo,40,L
2024-01-03,Bergen,70,S
2024-01-08,Oslo,30,S
2024-01-09,Tromsø,90,S
2024-01-17,Bergen,20,L
2024-01-18,Oslo,35,S
"""
}

FULL = {"q1": 3, "q2": 3, "q3": 4, "q4": 4, "q5": 2}

SUBMISSIONS = {
    "solution": Answers(FULL),
    "release": Answers(dict.fromkeys(FULL, 0), base="release"),
    "partly wrong": Answers(
        {"q1": 2, "q2": 1, "q3": 1, "q4": 3, "q5": 1},
        {
            "q1": "by_city = trips.groupby('city').price.mean()\nn_trips = len(by_city)",
            "q2": "def cheapest(df, k):\n    df.sort_values('price', inplace=True)\n    return df.head(k)",
            "q3": "table = trips.pivot_table(index='city', columns='size', values='price', aggfunc='sum')\n"
            "table.columns.name = 'size'\ntable = table.astype('float32')\nstats = trips.groupby('city').price.agg(['min', 'max'])",
            "q4": "weekly = trips.set_index('day')['price'].resample('W').sum()\n"
            "sizes = trips['size'].astype('category')\nfirst = trips['day'].min()",
            "q5": "def longest_name(df):\n    return max(df.city, key=len)\ndef tidy(df):\n    return df.dropna()",
        },
    ),
    "other ways": Answers(
        FULL,
        {
            "q1": "by_city = pd.Series({c: trips[trips.city == c].price.mean() for c in sorted(set(trips.city))}, name='price')\n"
            "by_city.index.name = 'city'\nby_city.index = by_city.index.astype(trips.city.dtype)\nn_trips = trips.shape[0]",
            "q2": "def cheapest(df, k):\n    return df.nsmallest(k, 'price').reset_index(drop=True)",
            "q4": "weekly = trips.groupby(pd.Grouper(key='day', freq='W'))['price'].sum()\n"
            "sizes = pd.Series(pd.Categorical(trips['size'], ['S', 'L'], ordered=True))\nfirst = trips.day.iloc[0]",
        },
    ),
    "an error and a gap": Answers(
        {"q1": 0, "q2": 0, "q3": 4, "q4": 0, "q5": 2},
        {
            "q1": "by_city = trips.groupby('town')['price'].mean()\nn_trips = 6",
            "q2": "def cheapest(df, k)\n    return df",
            "q4": "pass",
        },
    ),
}
