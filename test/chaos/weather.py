"""What faults do to people meanwhile, in figures, as Markdown."""
import statistics
from collections import Counter

from people import GOOD


def table(head, rows):
    """Markdown; numbers to the right."""
    marks = ["---:" if rows and isinstance(cell, (int, float)) else "---" for cell in (rows[0] if rows else head)]
    lines = [head, marks, *rows]
    return "\n".join("| " + " | ".join(f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in line) + " |" for line in lines)


def is_good(answer):
    return answer.word in GOOD[answer.what]


def longest_gap(answers, begun, ended):
    """Seconds in which nobody was served, at most."""
    times = [begun, *sorted(a.ended for a in answers if is_good(a) and begun <= a.ended <= ended), ended]
    return max(b - a for a, b in zip(times, times[1:]))


def within(answers, begun, ended):
    """Those that were asked for or answered in the time."""
    return [a for a in answers if a.begun <= ended and a.ended >= begun]


def share(answers):
    return f"{100 * sum(map(is_good, answers)) / len(answers):.1f} %" if answers else "-"


def slowest(answers, quantile):
    """Milliseconds."""
    took = sorted(1000 * (a.ended - a.begun) for a in answers if is_good(a))
    return round(took[min(len(took) - 1, int(quantile * len(took)))]) if took else "-"


def answers_table(answers):
    """One row a thing that people do: how often, with which answers, how fast."""
    rows = []
    for what in GOOD:
        mine = [a for a in answers if a.what == what]
        words = Counter(str(a.word) for a in mine)
        said = ", ".join(f"{word} {n:,}" for word, n in words.most_common())
        rows.append((what, len(mine), share(mine), slowest(mine, 0.5), slowest(mine, 0.99), said))
    return table(("people", "asked", "served", "p50 ms", "p99 ms", "answers"), rows)


def faults_table(hits):
    """One row a kind of fault: how often each process had it."""
    rows = []
    for fault in dict.fromkeys(hit.fault for hit in hits):
        mine = [hit for hit in hits if hit.fault == fault]
        whom = Counter(" and ".join(hit.names) for hit in mine)
        rows.append((fault, len(mine), ", ".join(f"{name} {n}" for name, n in sorted(whom.items()))))
    return table(("fault", "times", "whom"), rows)


def apart_table(watches):
    """One row a fault and whom it hits: of how many who asked while it was watched, how many were served; and the longest
    time nobody was, as a median over the times it was watched. watches: (hit, until, answers)."""
    rows, groups = [], {}
    for watch in watches:
        groups.setdefault((watch[0].fault, " and ".join(watch[0].names)), []).append(watch)
    for key, seen in groups.items():
        row = list(key)
        for what in ("sign up", "order", "log in", "read"):
            mine = [(hit, until, [a for a in answers if a.what == what]) for hit, until, answers in seen]
            gap = statistics.median(longest_gap(answers, hit.begun, until) for hit, until, answers in mine)
            row += [share([a for _, _, answers in mine for a in answers]), f"{gap:.1f}"]
        words = Counter(str(a.word) for _, _, answers in seen for a in answers if not is_good(a))
        rows.append((*row, ", ".join(f"{word} {n}" for word, n in words.most_common()) or "-"))
    head = ("fault", "whom", "signups served", "gap s", "orders served", "gap s", "logins served", "gap s", "reads served", "gap s",
            "what the others were told")
    return table(head, rows)
