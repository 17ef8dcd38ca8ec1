"""Be the second reader's network as it is trained: the first layers of all-MiniLM-L6-v2, and what is asked of its words.

What is asked of each word that can tell of an event: its type (or none), what its event is (happened, planned, denied …), and which
word of the sentence is its source and which its target, or nobody. The last layer is reckoned for the words asked only.
"""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn

WIDTH, HEADS = 384, 12
INSIDE = 256  # of the head that says the type
POINTER = 128  # width in which an event and its parties are laid side by side
SIDES = 2  # source and target
NOBODY = -1e4  # score of what cannot be pointed at


class Layer(nn.Module):
    """Be one layer of the encoder."""

    def __init__(self, weights: dict[str, torch.Tensor], name: str, dropout: float) -> None:
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
        self.drop = nn.Dropout(dropout)

    def forward(self, x: torch.Tensor, of: torch.Tensor, mask: torch.Tensor | None = None) -> torch.Tensor:
        """Return the next vectors of `of`, which look at all of `x`. Both: (sentences, pieces, WIDTH); mask: (sentences, pieces)."""
        shape = (x.shape[0], -1, HEADS, WIDTH // HEADS)
        if of is x:
            seen = _together(x, self.query, self.key, self.value)
        else:
            seen = self.query(of), *_together(x, self.key, self.value)
        q, k, v = (part.view(shape).transpose(1, 2) for part in seen)
        looks = (q @ k.transpose(2, 3)) / (WIDTH // HEADS) ** 0.5
        if mask is not None:
            looks = looks.masked_fill(~mask[:, None, None], NOBODY)
        taken = (self.drop(looks.softmax(-1)) @ v).transpose(1, 2).reshape(of.shape)
        of = self.first(of + self.drop(self.merge(taken)))
        return self.second(of + self.drop(self.narrow(nn.functional.gelu(self.widen(of)))))


def _together(x: torch.Tensor, *parts: nn.Linear) -> tuple[torch.Tensor, ...]:
    """Reckon several parts in one product, which is faster than one after the other."""
    weight, bias = torch.cat([part.weight for part in parts]), torch.cat([part.bias for part in parts])
    return nn.functional.linear(x, weight, bias).split(WIDTH, dim=-1)


def _norm(weights: dict[str, torch.Tensor], name: str) -> nn.LayerNorm:
    made = nn.LayerNorm(WIDTH, eps=1e-12)
    made.weight.data, made.bias.data = weights[f"{name}.weight"], weights[f"{name}.bias"]
    return made


class Network(nn.Module):
    """Be encoder and heads together. `path`: the encoder's weights (model.safetensors)."""

    def __init__(self, path: Path, *, layers: int, types: int, statuses: int, dropout: float) -> None:
        super().__init__()
        weights = load_file(path)
        self.words = nn.Embedding.from_pretrained(weights["embeddings.word_embeddings.weight"])  # stays as it is
        places = (
            weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
        )
        self.places = nn.Embedding.from_pretrained(places, freeze=False)
        self.norm = _norm(weights, "embeddings.LayerNorm")
        self.layers = nn.ModuleList(Layer(weights, f"encoder.layer.{n}", dropout) for n in range(layers))
        self.drop = nn.Dropout(dropout)
        self.kind = nn.Sequential(
            nn.Dropout(0.2), nn.Linear(2 * WIDTH, INSIDE), nn.GELU(), nn.Dropout(0.3), nn.Linear(INSIDE, types)
        )
        self.state = nn.Linear(WIDTH, statuses)
        self.event, self.party = nn.Linear(WIDTH, SIDES * POINTER), nn.Linear(WIDTH, SIDES * POINTER)

    def alone(self, pieces: torch.Tensor) -> torch.Tensor:
        """Return the vectors of pieces that have not seen each other: shape (sentences, pieces, WIDTH)."""
        return self.norm(self.words(pieces) + self.places(torch.arange(pieces.shape[1])[None]))

    def read(self, pieces: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return the vectors of all pieces: as words alone, before the last layer, and after it."""
        alone = self.alone(pieces)
        x = self.drop(alone)
        for layer in self.layers[:-1]:
            x = layer(x, x, mask)
        return alone, x, self.layers[-1](x, x, mask)

    def point(self, last: torch.Tensor, words: torch.Tensor) -> torch.Tensor:
        """Return how well each of some words fits as a side of each event: (events, SIDES, words).

        words: (events, words, WIDTH), or (1, words, WIDTH) where all events stand in one sentence.
        """
        event = self.event(last).view(-1, SIDES, POINTER, 1)
        party = self.party(words).view(words.shape[0], -1, SIDES, POINTER).transpose(1, 2)
        return (party @ event).squeeze(-1) / POINTER**0.5

    def forward(
        self, pieces: torch.Tensor, asked: torch.Tensor, words: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return the probabilities of one sentence: (asked, types), (asked, statuses), (asked, SIDES, 1 + words); 0 is nobody.

        pieces: (1, pieces); asked, words: where the first pieces of the words asked and of all words stand.
        """
        x = alone = self.alone(pieces)
        for layer in self.layers[:-1]:
            x = layer(x, x)
        last = self.layers[-1](x, x[:, asked])[0]
        kind = self.kind(torch.cat([last, alone[0, asked]], dim=-1))
        places = torch.cat([torch.zeros(1, dtype=torch.long), words])
        sides = self.point(last, x[:, places])
        return kind.softmax(-1), self.state(last).softmax(-1), sides.softmax(-1)
