"""Find who acts in a clause, and how far their noun phrase goes."""

from __future__ import annotations

from spacy.tokens import Doc, Token

INHERITING = frozenset({"advcl", "xcomp", "conj", "pcomp", "dep"})
CLAUSAL = frozenset({"relcl", "advcl", "parataxis", "punct", "ccomp"})
MOST_STEPS = 6  # from a participle up to the verb that has the subject
PUNCTUATED = 3  # tokens between a name and its apposition
BRACKET = 5  # tokens in "(R-Wis.)"
Chars = tuple[int, int]


def subject_of(verb: Token) -> Token | None:
    """Return the head of the noun phrase that acts: the subject, the passive's agent, the one a participle belongs to."""
    first = verb
    for _ in range(MOST_STEPS):
        passive, subject = False, None
        for child in verb.children:
            if child.dep_ == "nsubj" and (subject is None or abs(child.i - verb.i) < abs(subject.i - verb.i)):
                subject = child
            passive = passive or child.dep_ in {"nsubjpass", "auxpass"}
            if child.dep_ == "agent":
                return next((c for c in child.children if c.dep_ == "pobj"), None)
        if subject is not None or passive:
            return subject
        if verb.dep_ == "acl":
            return verb.head if verb.tag_ == "VBG" else None
        misread = verb.pos_ not in {"VERB", "AUX"} and verb.i != first.i and verb.dep_ in {"dobj", "pobj"}
        if (verb.dep_ not in INHERITING and not misread) or verb.head.i == verb.i:
            return None
        above = verb.head.head if verb.head.dep_ == "prep" else verb.head
        if verb.dep_ == "xcomp" and verb.i == first.i:  # "urged him to say": he says
            told = next((c for c in above.children if c.dep_ == "dobj" and c.i < verb.i), None)
            if told is not None:
                return told
        verb = above
    return None


def noun_phrase(head: Token, verb: Token | None = None) -> Chars:
    """Return the whole noun phrase of `head`, with article, title and apposition, without relative clauses.

    Never over a line's end, nor over `verb`, whatever the parse says.
    """
    doc = head.doc
    left, right = head.left_edge.i, head.i
    for child in head.rights:
        if child.dep_ in CLAUSAL or child.left_edge.i > right + PUNCTUATED:
            continue
        if child.dep_ == "acl" and right + 1 != child.left_edge.i:
            continue
        right = max(right, child.right_edge.i)
    if verb is not None and head.i < verb.i <= right:
        right = verb.i - 1
    if verb is not None and left <= verb.i < head.i:
        left = verb.i + 1
    while right + 2 < len(doc) and doc[right + 1].text == "-" and not doc[right].whitespace_:
        right += 2  # "ex-wife", when the parse cuts it
    left, right = _on_one_line(doc, left, head.i, right)
    right = _with_bracket(doc, left, right, verb)
    while right > head.i and doc[right].is_punct and doc[right].text not in {")", "]"}:
        right -= 1
    while left < head.i and (doc[left].is_punct or doc[left].is_space):
        left += 1
    last = doc[right]
    return doc[left].idx, last.idx + len(last.text.rstrip())


def _on_one_line(doc: Doc, left: int, head: int, right: int) -> tuple[int, int]:
    left = next((at + 1 for at in range(head - 1, left - 1, -1) if "\n" in doc[at].text), left)
    right = next((at - 1 for at in range(head + 1, right + 1) if "\n" in doc[at].text), right)
    return left, right


def _with_bracket(doc: Doc, left: int, right: int, verb: Token | None) -> int:
    words = [token.text for token in doc[left : right + 1]]
    if words.count("(") <= words.count(")"):
        return right
    closing = next((token.i for token in doc[right + 1 : right + BRACKET] if token.text.endswith(")")), right)
    return right if verb is not None and closing == verb.i else closing
