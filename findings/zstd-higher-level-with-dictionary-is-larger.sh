#!/usr/bin/env bash
# Library: Zstandard 1.5.7 (PyPI, zstandard 0.25.0).
# Expected: A higher level compresses at least about as well as a lower one, and takes longer.
# What happens: With a trained dictionary of 32 KiB, records of 200 bytes are about a fifth larger at the levels 5 and 7
#   than at level 3, and nearly as large as at level 1. Only from level 12 on they are smaller. Without a dictionary, the
#   levels are in the expected order.
# Why it matters: Small values with a dictionary are what a store compresses. Somebody who raises the level from 3 to 7 to
#   save space pays more time for larger files.
# Source: measured. The levels stand for other parameters and strategies, which the library chooses by the length of the
#   input and of the dictionary. The manual does not say that this order can be another one.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.bash"

echo "Packages: zstandard==0.25.0"
python3 -m venv environment
environment/bin/pip -q install zstandard==0.25.0

cat > program.py <<'END'
import random
import sys

import zstandard

words = """time person year way day thing man world life hand part child eye woman place work week case point government
company number group problem fact be have do say get make go know take see come think look want give use find tell ask
seem feel try leave call good new first last long great little own other old right big high different small large next
early young important few public bad same able""".split()
source = random.Random(1)
weights = [1 / (position + 1) for position in range(len(words))]


def text():
    taken = []
    while sum(map(len, taken)) + len(taken) < 200:
        taken += source.choices(words, weights)
    return " ".join(taken).encode()


samples, records = [text() for _ in range(10_000)], [text() for _ in range(500)]
dictionary = zstandard.train_dictionary(32_768, samples)


def size(level, dictionary):
    compressor = zstandard.ZstdCompressor(level=level, dict_data=dictionary)
    return sum(len(compressor.compress(record)) for record in records)


levels = [1, 3, 5, 7, 12, 19]
print("zstd", ".".join(map(str, zstandard.ZSTD_VERSION)), "bytes of", sum(map(len, records)))
print("level            ", *[f"{level:7}" for level in levels])
plain = {level: size(level, None) for level in levels}
print("no dictionary    ", *[f"{plain[level]:7}" for level in levels])
known = {level: size(level, dictionary) for level in levels}
print("with a dictionary", *[f"{known[level]:7}" for level in levels])
isOrdered = all(plain[low] >= plain[high] for low, high in zip(levels, levels[1:]))
isLarger = min(known[5], known[7]) > 1.1 * known[3] and known[12] < 1.02 * known[3] and known[19] < known[3]
sys.exit(0 if isOrdered and isLarger else 1)
END
report environment/bin/python program.py
