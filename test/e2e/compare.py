"""Two samples of times: do they differ by something that can be told? By ranks, so that a slow moment of the machine, which meets
both alike when they are interleaved, is one large rank and no more."""
import math
import statistics

NO_CHANCE = 5.3  # standard deviations


def ranks_z(a, b):
    """Mann and Whitney's U of a over b in standard deviations: 0 when neither tends to be larger."""
    merged = sorted([(x, 0) for x in a] + [(x, 1) for x in b])
    rank_sum, i, ties = 0.0, 0, 0.0
    while i < len(merged):
        j = i
        while j < len(merged) and merged[j][0] == merged[i][0]:
            j += 1
        ties += (j - i) ** 3 - (j - i)
        rank_sum += sum((i + j + 1) / 2 for _, which in merged[i:j] if which == 0)
        i = j
    n, m = len(a), len(b)
    u = rank_sum - n * (n + 1) / 2
    spread = math.sqrt(n * m / 12 * (n + m + 1 - ties / ((n + m) * (n + m - 1))))
    return (u - n * m / 2) / spread if spread else 0.0


def shift(a, b):
    return statistics.median(a) - statistics.median(b)


def tells(a, b, least):
    """True when they differ by `least` or more at the median, and that is no chance (once in ten million)."""
    return abs(shift(a, b)) >= least and abs(ranks_z(a, b)) > NO_CHANCE


def enough(a, b, least):
    """True when they are so many, and so alike, that `least` more or less of one would have been told."""
    return ranks_z([x + least for x in a], b) > NO_CHANCE and ranks_z([x - least for x in a], b) < -NO_CHANCE
