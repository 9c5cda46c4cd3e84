"""A comparison in a terminal: the measures of both set-ups with the test, then the queries that differ most."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.terminal import visible
from retrieval.comparison import LEAD_MEASURE, ComparedQuery, Comparison, Difference

_LISTED = 10
"""How many queries are told of each way, at most."""

_CHANCE = 0.05
"""A p-value from which on a difference is told to prove nothing."""


def show_comparison(console: Console, comparison: Comparison) -> None:
    console.print(Text(f"A  {visible(comparison.a)}", style="bold"), soft_wrap=True)
    console.print(Text(f"B  {visible(comparison.b)}", style="bold"), soft_wrap=True)
    sets, count = ", ".join(map(visible, comparison.sets)), len(comparison.queries)
    table = Table("measure", "A", "B", "B − A", "95 % interval", "p", title=f"{sets}, {count} queries")
    for d in comparison.differences:
        bounds = f"{d.low:+.4f} to {d.high:+.4f}"
        table.add_row(d.measure, f"{d.a:.4f}", f"{d.b:.4f}", f"{d.difference:+.4f}", bounds, f"{d.p:.4f}")
    console.print(table)
    lead = next(d for d in comparison.differences if d.measure == LEAD_MEASURE)
    console.print(Text(_in_words(lead)), soft_wrap=True)
    for side, without in (("A", comparison.without_a), ("B", comparison.without_b)):
        if without:
            told = f"{side} has found nothing for {without} of {count} queries: they count 0."
            console.print(Text(told, style="yellow"), soft_wrap=True)
    for better, worse, queries in (("B", "A", comparison.better_under_b()), ("A", "B", comparison.better_under_a())):
        told = f"\nBetter under {better} than under {worse}: {len(queries)} of {count} queries ({LEAD_MEASURE}, A → B)"
        console.print(Text(told, style="bold"), soft_wrap=True)
        for query in queries[:_LISTED]:
            console.print(Text(f"  {_told(query, len(comparison.sets) > 1)}"), soft_wrap=True)
        if len(queries) > _LISTED:
            console.print(Text(f"  and {len(queries) - _LISTED} more: --json lists all", style="dim"))


def _in_words(lead: Difference) -> str:
    if lead.p >= _CHANCE:
        often = f"{lead.p:.0%} of cases"
        return f"By {lead.measure}, chance alone makes as large a difference in {often}: this one proves nothing."
    better = "B" if lead.difference > 0 else "A"
    return f"By {lead.measure}, {better} is better, by more than chance would make it (p = {lead.p:.4f})."


def _told(query: ComparedQuery, of_several: bool) -> str:
    values = f"{query.a[LEAD_MEASURE]:.3f} → {query.b[LEAD_MEASURE]:.3f}"
    name = f"{query.set_name} {query.query_id}" if of_several else query.query_id
    return f"{values}  {visible(' '.join(query.text.split()))}  ({visible(name)})"
