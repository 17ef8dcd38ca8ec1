"""A new revision is read only where it changed, and the reading is the one that the whole text gives."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest

from dateline.annotate.coding import annotate_texts
from dateline.annotate.parses import ATTRIBUTES, Known, Parse, model_name, packed, parse_docs
from dateline.annotate.unchanged import CONTEXT, Segment, same_runs, segments, windows
from dateline.stack.newsroom.content import load_pieces
from dateline.stack.newsroom.markup import running_text
from dateline.types import TextInput

CORRECTED = "northlight/malaysian-jet-shot-down-over-ukraine"
EVERY = 8  # of the newsroom's articles is edited: all of them pass as well, and take eight times as long


def pieces():
    return [piece for piece in load_pieces() if piece.language == "en"]


def edited(text: str, rng: random.Random) -> str:
    """Change a text as newsrooms do: a figure, a word more or less, a paragraph, a sentence."""
    paragraphs = text.split("\n")
    at = rng.randrange(len(paragraphs))
    words = paragraphs[at].split(" ")
    place = rng.randrange(len(words))
    match rng.randrange(6):
        case 0:
            words[place] = str(rng.randrange(1000))
        case 1:
            words.insert(place, "reportedly")
        case 2 if len(words) > 1:
            del words[place]
        case 3:
            return "\n".join([*paragraphs[:at], "Officials in Geneva declined to comment.", *paragraphs[at:]])
        case 4 if len(paragraphs) > 1:
            return "\n".join(paragraphs[:at] + paragraphs[at + 1 :])
        case _:
            words.append("The minister said on Tuesday that she would resign.")
    return "\n".join([*paragraphs[:at], " ".join(words), *paragraphs[at + 1 :]])


@pytest.fixture(scope="module")
def nlp():
    from dateline.annotate.nlp import load_nlp

    return load_nlp()


@pytest.fixture(scope="module")
def texts():
    return [running_text(piece.body) for piece in islice(pieces(), 0, None, EVERY)]


@pytest.fixture(scope="module")
def read(nlp, texts) -> list[Known]:
    docs = [nlp.make_doc(text) for text in texts]
    return [Known(text, parse) for text, parse in zip(texts, parse_docs(nlp, docs, [None] * len(docs)), strict=True)]


def rows(nlp, texts, known):
    docs = [nlp.make_doc(text) for text in texts]
    parses = parse_docs(nlp, docs, known)
    return [doc.to_array(ATTRIBUTES) for doc in docs], parses


@pytest.mark.model
def test_what_is_read_is_what_spacy_reads(nlp, texts, read):
    with nlp.select_pipes(enable=[name for name in nlp.pipe_names if not name.startswith("dateline")]):
        plain = list(nlp.pipe(texts, batch_size=16))
    found, _ = rows(nlp, texts, [None] * len(texts))
    for doc, mine in zip(plain, found, strict=True):
        assert np.array_equal(doc.to_array(ATTRIBUTES), mine)


@pytest.mark.model
@pytest.mark.parametrize("seed", [1, 2])
def test_an_edited_text_is_read_as_if_it_were_new(nlp, texts, read, seed):
    rng = random.Random(seed)
    changed = [edited(text, rng) for text in texts]
    new, parses = rows(nlp, changed, read)
    whole, _ = rows(nlp, changed, [None] * len(changed))
    for text, mine, full in zip(changed, new, whole, strict=True):
        assert np.array_equal(mine, full), text
    tokens, anew = sum(parse.tokens for parse in parses), sum(parse.read for parse in parses)
    assert anew < tokens / 2


@pytest.mark.model
def test_the_same_text_is_not_read_again(nlp, texts, read):
    again, parses = rows(nlp, texts, read)
    first, _ = rows(nlp, texts, [None] * len(texts))
    assert all(np.array_equal(mine, full) for mine, full in zip(again, first, strict=True))
    assert [parse.read for parse in parses] == [0] * len(texts)
    assert [parse.data for parse in parses] == [known.parse.data for known in read]


@pytest.mark.model
def test_the_corrected_article_is_annotated_as_if_it_were_new(nlp):
    piece = next(piece for piece in pieces() if piece.id == CORRECTED)
    assert piece.correction is not None
    after = running_text(piece.body)
    paragraphs = after.split("\n")
    for number, words in piece.correction.first.items():
        paragraphs[number - 1] = words
    before = "\n".join(paragraphs)
    assert before != after
    kept: dict[str, Parse] = {}
    old = TextInput(id="1", text=before, title=piece.title, published=piece.published)
    list(annotate_texts(nlp, [old], keep=kept.__setitem__))
    new = replace(old, text=after)
    known = {"1": Known(before, kept["1"])}
    ((_, again),) = annotate_texts(nlp, [new], known=known, keep=kept.__setitem__)
    ((_, whole),) = annotate_texts(nlp, [new])
    assert again == whole
    assert kept["1"].read < kept["1"].tokens / 2


@pytest.mark.model
def test_a_parse_that_contradicts_what_is_read_now_is_not_believed(nlp, texts, read):
    text = max(texts, key=len)
    paragraphs = text.split("\n")
    changed = "\n".join([*paragraphs[:2], "Officials in Geneva declined to comment.", *paragraphs[2:]])
    wrong = nlp.make_doc(text)
    parse_docs(nlp, [wrong], [None])
    wrong.from_array(["TAG"], np.full(len(wrong), nlp.vocab.strings.add("FW"), dtype="uint64"))
    lying = replace(read[texts.index(text)].parse, data=packed(wrong, wrong.to_array(ATTRIBUTES)))
    (mine,), (parse,) = rows(nlp, [changed], [Known(text, lying)])
    (full,), _ = rows(nlp, [changed], [None])
    assert np.array_equal(mine, full)
    assert parse.read == parse.tokens


@pytest.mark.model
@pytest.mark.parametrize("text", ["", " ", "\n\n", "One.", "\x00 \ufffd", "a " * 3000])
def test_odd_texts_have_parses_too(nlp, text):
    (first,), (parse,) = rows(nlp, [text], [None])
    (again,), (same,) = rows(nlp, [text], [Known(text, parse)])
    assert np.array_equal(first, again)
    assert same.read == 0
    (mine,), _ = rows(nlp, ["Quite another text."], [Known(text, parse)])
    (full,), _ = rows(nlp, ["Quite another text."], [None])
    assert np.array_equal(mine, full)


@pytest.mark.model
def test_a_parse_of_another_model_or_text_is_left_alone(nlp, texts, read):
    other = Known(texts[0], replace(read[0].parse, model="another"))
    strange = Known(texts[1], read[0].parse)
    found, parses = rows(nlp, [texts[0], texts[1]], [other, strange])
    assert [parse.read for parse in parses] == [len(one) for one in found]
    assert parses[0].model == model_name(nlp)


# -------------------------------------------------------------------------------------------- without the model


def spread(text: str) -> tuple[list[str], list[tuple[int, int]], list[int]]:
    """Return tokens, sentences (ended by a full stop) and paragraph ends (|) of a text."""
    tokens = text.split()
    sentences, start = [], 0
    for at, token in enumerate(tokens):
        if token == ".":
            sentences.append((start, at + 1))
            start = at + 1
    return tokens, sentences, [at + 1 for at, token in enumerate(tokens) if token == "|"]


SENTENCES = [" ".join(f"{letter}{n}" for n in range(10)) + " ." for letter in "abcdefgh"]


def test_sentences_far_from_a_change_are_kept():
    old, sentences, breaks = spread(" ".join(SENTENCES))
    new, _, _ = spread(" ".join([*SENTENCES[:4], "x", *SENTENCES[4:]]))
    found = segments(old, new, sentences, breaks, [])
    kept = [it for it in found if it.old is not None]
    assert len(kept) == 6  # the two beside the change lack a part of their context
    assert all(new[it.start : it.end] == old[it.old : it.old + it.end - it.start] for it in kept if it.old is not None)
    assert [it.start for it in found] == [0, *[it.end for it in found[:-1]]]
    assert found[-1].end == len(new)


def test_a_sentence_whose_context_changed_is_new():
    old, sentences, _ = spread(" ".join(SENTENCES))
    assert len(sentences) == len(SENTENCES)
    new = old.copy()
    new[sentences[3][0] - CONTEXT] = "changed"
    kept = {it.old for it in segments(old, new, sentences, [], [])}
    assert sentences[3][0] not in kept
    new = old.copy()
    new[sentences[3][0] - CONTEXT - 1] = "changed"
    kept = {it.old for it in segments(old, new, sentences, [], [])}
    assert sentences[3][0] in kept


def test_a_first_sentence_is_kept_only_where_it_is_still_the_first():
    old, sentences, _ = spread(" ".join(SENTENCES))
    assert segments(old, ["x", *old], sentences, [], [])[0] == Segment(0, 1 + sentences[1][0], None)
    assert segments(old, [*old, "x"], sentences, [], [])[0] == Segment(0, sentences[0][1], 0)


def test_paragraphs_that_moved_are_found():
    first, second, third = (" ".join([*SENTENCES[n : n + 2], "|"]) for n in (0, 2, 4))
    old, _, ours = spread(f"{first} {second} {third}")
    new, _, theirs = spread(f"{first} y | z | {second} {third}")
    runs = same_runs(old, new, ours, theirs)
    assert [(run.old, run.new, run.size) for run in runs] == [(0, 0, 23), (23, 27, 46)]


def test_windows_that_touch_are_one():
    found = [Segment(n, n + 1, None if n in {5, 8, 20} else n) for n in range(24)]
    assert [(part[0].start, part[-1].end) for part in windows(found)] == [(3, 11), (18, 23)]
    assert windows([Segment(0, 3, 0)]) == []


def test_a_long_text_that_is_all_new_is_found_out_quickly():
    old = [str(n % 997) for n in range(100_000)]
    new = [str(n % 991) for n in range(100_000)]
    assert segments(old, new, [(n, n + 10) for n in range(0, 100_000, 10)], [], [])[0].old is None
