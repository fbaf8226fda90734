"""The class report: its statistics against scipy, its errors by kind, its charts, and the page at 5,000."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from scipy import stats

from autograder.batch.ledger import Entry
from autograder.gradebook import charts
from autograder.gradebook.class_report import class_report
from autograder.gradebook.copies import fingerprints
from autograder.gradebook.faults import NOT_GRADED, RUNNING, TESTS, count_faults
from autograder.gradebook.items import analyse, correlate, wilson
from autograder.gradebook.records import Record
from autograder.verdict import CaseManifest, QuestionManifest, Verdict, score_question
from tests.autograder.test_copies import program
from tests.autograder.test_pages import Page

MANIFEST = tuple(
    QuestionManifest(f"q{n}", n == 3, (CaseManifest("easy", False, 1.0), CaseManifest("hard", True, 2.0)))
    for n in (1, 2, 3)
)
FACTS = {"assignment": "hw", "sealed": True}


def verdict(passed, manifest=MANIFEST, **fields):
    """`passed` is one truth value for each case, in order."""
    left = iter(passed)
    questions = tuple(
        score_question(question, {case.name: (bool(next(left)), "") for case in question.cases})
        for question in manifest
    )
    score = sum(question.score for question in questions)
    return Verdict("graded", score, 9.0, questions, **fields)


def record(name, result, **fields):
    return Record(Entry(name, name, "", result), 9.0, **fields)


@pytest.fixture(scope="module")
def passed():
    rng = np.random.default_rng(0)
    ability = rng.normal(size=(200, 1))
    return rng.normal(size=(200, 6)) * 0.8 + ability > np.array([-1, 0.5, -0.5, 1, 0, 0.7])


@pytest.fixture(scope="module")
def verdicts(passed):
    return [verdict(row, seconds=0.5 + i % 7) for i, row in enumerate(passed)]


class TestWilson:
    @pytest.mark.parametrize(
        ("k", "n"), [(0, 1), (1, 1), (0, 10), (3, 10), (10, 10), (297, 5000), (4999, 5000)]
    )
    def test_it_is_scipys(self, k, n):
        interval = stats.binomtest(k, n).proportion_ci(method="wilson")
        np.testing.assert_allclose(wilson(k, n), interval, rtol=1e-9, atol=1e-12)

    def test_without_data_nothing_is_known(self):
        assert wilson(0, 0) == (0.0, 1.0)


class TestDiscrimination:
    def test_a_cases_discrimination_is_scipys_with_the_score_on_other_questions(self, verdicts, passed):
        points = np.array([1, 2, 1, 2, 1, 2.0])
        scores = passed * points
        scores[:, 4:] *= passed[:, 4:].all(axis=1)[:, None]  # all or nothing
        for number, item in enumerate(
            case for question in analyse(verdicts, MANIFEST) for case in question.cases
        ):
            others = np.delete(scores, [number // 2 * 2, number // 2 * 2 + 1], axis=1).sum(axis=1)
            expected = stats.pointbiserialr(passed[:, number], others)
            assert item.discrimination.value == pytest.approx(expected.statistic, rel=1e-12)
            interval = stats.pearsonr(passed[:, number].astype(float), others).confidence_interval()
            np.testing.assert_allclose(item.discrimination.interval, interval, rtol=1e-6)
            assert (item.passed, item.n) == (passed[:, number].sum(), 200)

    def test_with_one_question_the_rest_are_its_other_cases(self, passed):
        manifest = (QuestionManifest("q", False, tuple(CaseManifest(f"c{n}", False, 1.0) for n in range(6))),)
        (item,) = analyse([verdict(row, manifest) for row in passed], manifest)
        expected = stats.pointbiserialr(passed[:, 2], np.delete(passed, 2, axis=1).sum(axis=1))
        assert item.cases[2].discrimination.value == pytest.approx(expected.statistic, rel=1e-12)
        assert item.discrimination is None

    @pytest.mark.parametrize(
        ("item", "rest"),
        [([1, 1, 1, 1], [1, 2, 3, 4]), ([0, 1, 0, 1], [2, 2, 2, 2]), ([0, 1], [1, 2]), ([], [])],
    )
    def test_it_is_none_where_there_is_nothing_to_correlate(self, item, rest):
        assert correlate(np.array(item, float), np.array(rest, float)) is None

    def test_a_case_that_the_weak_pass_is_negative(self):
        found = correlate(np.array([1, 1, 1, 0, 0, 0] * 9, float), np.array([1, 2, 3, 4, 5, 6] * 9, float))
        assert found.interval[0] < found.value < found.interval[1] < 0

    def test_a_perfect_correlation_is_no_error(self):
        assert correlate(np.array([0, 1.0] * 5), np.array([3, 7.0] * 5)).interval == (1.0, 1.0)

    def test_questions_have_their_mean_full_marks_and_zeros(self, verdicts, passed):
        third = analyse(verdicts, MANIFEST)[2]
        both = passed[:, 4:].all(axis=1).sum()
        assert (third.full, third.none) == (both, 200 - both) and third.mean == pytest.approx(both / 200)


class TestFaults:
    def failing(self, message):
        question = score_question(MANIFEST[0], {"easy": (False, message), "hard": (False, "TypeError: x")})
        return Verdict("graded", 0.0, 9.0, (question,))

    @pytest.mark.parametrize(
        ("result", "where", "kind"),
        [
            (Verdict.failed("The file has 70 MB; the limit is 64 MB."), NOT_GRADED, "The file has N MB; the limit is N MB."),
            (Verdict("graded", 0, 9, notes=("Code cell 3: NameError: x",)), RUNNING, "NameError"),
            (Verdict("graded", 0, 9, notes=("Code cell 3: the cell ran for more than 60 s. It was left out.",)), RUNNING, "over the time limit"),
            (Verdict("graded", 0, 9, notes=("q3: its state was lost",)), RUNNING, "exit, crash or out of memory"),
        ],
    )  # fmt: skip
    def test_kinds(self, result, where, kind):
        (fault,) = count_faults([Entry("a", "", "", result), Entry("b", "", "", result)])
        assert (fault.where, fault.kind, fault.submissions) == (where, kind, ("a", "b"))

    @pytest.mark.parametrize(
        ("message", "kind"),
        [
            ("Mind the sign.\nAssertionError: got 3", "a wrong result (AssertionError)"),
            ("NotImplementedError: Question 1", "not attempted (NotImplementedError)"),
            ("Mind: it.\nMyOwnError", "MyOwnError"),
            ("Your code was stopped: the test case ran for more than 20 s.", "over the time limit"),
            ("Your code ended the program (3).", "exit, crash or out of memory"),
            ("", None),
        ],
    )
    def test_kinds_in_public_tests(self, message, kind):
        found = count_faults([Entry("a", "", "", self.failing(message))])
        assert [(fault.where, fault.kind) for fault in found] == ([(TESTS, kind)] if kind else [])

    def test_a_submission_counts_once_in_a_kind(self):
        result = Verdict("graded", 0, 9, notes=("Code cell 3: NameError: x", "Code cell 4: NameError: y"))
        assert count_faults([Entry("a", "", "", result)])[0].submissions == ("a",)


class TestCharts:
    def drawn(self, passed, verdicts):
        items = analyse(verdicts, MANIFEST)
        return [
            charts.scores_chart([v.score for v in verdicts], 9.0),
            charts.cases_chart(items),
            charts.seconds_chart([v.seconds for v in verdicts]),
            charts.similarity_chart(np.linspace(0, 0.3, 99), [0.7, 0.9]),
        ]

    def test_they_are_svg_of_few_elements_that_refer_to_themselves_alone(self, passed, verdicts):
        ids = []
        for chart in self.drawn(passed, verdicts):
            root = ElementTree.fromstring(chart)
            assert root.get("role") == "img" and len(root.get("aria-label")) > 40
            for element in root.iter():
                assert element.tag.split("}")[1] in {
                    "svg",
                    "g",
                    "path",
                    "text",
                    "defs",
                    "clipPath",
                    "rect",
                    "use",
                }
                assert not any(key.startswith("on") for key in element.attrib)
                assert "url(" not in element.get("style", "") and "http" not in str(element.attrib.values())
            own = [element.get("id") for element in root.iter() if element.get("id")]
            assert all(e.get("href")[1:] in own for e in root.iter() if e.get("href"))
            ids += own
        assert len(ids) == len(set(ids))  # all four go on one page

    def test_they_take_the_pages_colours_and_no_other(self, passed, verdicts):
        for chart in self.drawn(passed, verdicts):
            assert (
                "currentColor" in chart
                and "var(--chart)" in chart
                and "#" not in chart.replace('href="#', "").replace("url(#", "")
            )

    def test_the_same_class_gives_the_same_chart(self, passed, verdicts):
        assert self.drawn(passed, verdicts) == self.drawn(passed, verdicts)

    @pytest.mark.parametrize("scores", [[0.0], [0.25] * 3, [0, 1000.0]])
    def test_odd_classes_are_drawn(self, scores):
        assert charts.scores_chart(scores, 1000.0) and charts.seconds_chart(scores)

    def test_names_are_text(self):
        question = QuestionManifest("$x$ <b>\n\x1b", False, MANIFEST[0].cases)
        results = [verdict([1, 0], (question,)), verdict([0, 0], (question,))]
        assert "$x$ &lt;b&gt;" in charts.cases_chart(analyse(results, (question,)))


class TestPage:
    def page(self, records, facts=FACTS, **options):
        return " ".join(Page(class_report(records, MANIFEST, facts, **options)).text.split())

    def test_it_counts_submissions_and_leaves_the_ungraded_out_of_statistics(self, verdicts):
        records = [record(f"s{n}", one) for n, one in enumerate(verdicts)]
        failed = record("bad", Verdict.failed("The file is empty."))
        text = self.page([*records, failed])
        assert "201 submissions: 200 graded, 0 in part, 1 not graded" in text
        assert "Shares of 200 submissions" in text and "The file is empty." in text

    def test_a_submission_that_does_not_count_is_left_out(self, verdicts):
        records = [record(f"s{n}", one) for n, one in enumerate(verdicts[:40])]
        records[0] = replace(records[0], counts=False)
        text = self.page(records)
        assert (
            "1 of them do not count: 1 because it is undecided" in text and "Shares of 39 submissions" in text
        )
        records[1] = replace(records[1], counts=False, instead=("s2",))
        assert "2 of them do not count: 1 because another submission of the same student does" in self.page(
            records
        )

    def test_a_question_without_points_has_no_share_of_them(self):
        manifest = (QuestionManifest("free", False, (CaseManifest("a", False, 0.0),)), *MANIFEST[:1])
        records = [record(f"s{n}", verdict([0, 1, n], manifest)) for n in range(2)]
        text = "".join(Page(class_report(records, manifest, FACTS)).text.split())
        assert "free0––––q13" in text

    def test_a_small_class_is_warned_about_correlations(self, verdicts):
        assert "say little" in self.page([record("a", verdicts[0]), record("b", verdicts[1])])
        assert "say little" not in self.page([record(f"s{n}", one) for n, one in enumerate(verdicts)])

    def test_without_known_attempts_it_says_how_to_get_them(self, verdicts):
        text = self.page([record(f"s{n}", one) for n, one in enumerate(verdicts)])
        assert "autograder release NAME writes them to class_report.json" in text

    def test_groups_name_attempts_and_their_key_for_a_comment(self, verdicts):
        attempt = {"question": "q1", "title": "forgets the root", "expects": "", "place": "",
                   "failed": [{"name": "hard", "message": ""}]}  # fmt: skip
        records = [record(f"s{n}", verdict([1, 0, 1, 1, 1, 1])) for n in range(5)]
        text = self.page(
            records, {**FACTS, "material": {"attempts": [attempt]}}, comments={"q9-00000000": "x"}
        )
        assert "5 of 5 fail a test case, 5 of them just as a known attempt does" in text
        assert "5 submissions: “forgets the root”" in text and "Fails 1 case, 2 points each: hard" in text
        assert "Comments for groups that are not there (any more): q9-00000000" in text

    def test_similar_submissions_are_numbers_and_no_accusation(self, verdicts):
        records = [record(f"s{n:02}", one) for n, one in enumerate(verdicts[:30])]
        answers = {one.submission: {"q1": fingerprints(program(n))} for n, one in enumerate(records)}
        lines = program(3).splitlines()
        answers["s20"] = {"q1": fingerprints("\n".join(lines[:50]))}
        text = self.page(records, answers=answers)
        assert (
            "s03 and s20" in text and "no proof of copying" in text and "A typical pair of this class" in text
        )
        assert not {"plagiar", "cheat", "suspect", "guilty"} & set(text.lower().split())

    def test_released_code_makes_nobody_similar(self, verdicts):
        records = [record(f"s{n}", one) for n, one in enumerate(verdicts[:4])]
        given_code = program(99, lines=150)
        answers = {
            one.submission: {"q1": fingerprints(given_code + program(n, 30))} for n, one in enumerate(records)
        }
        assert "No pair stands out" in self.page(
            records, {**FACTS, "material": {"released": [given_code]}}, answers=answers
        )
        assert "No pair stands out" not in self.page(records, answers=answers)

    def test_five_thousand_submissions_fit_on_a_page(self, verdicts):
        records = [
            record(f"A longer student name {n}/hw01_gradient_descent.ipynb", verdicts[n % 200])
            for n in range(5000)
        ]
        page = class_report(records, MANIFEST, FACTS)
        assert len(page.encode()) < 3_000_000 and page.count("<svg") == 3
