"""What remittance flows lose to the cost of transfer, and what a lower cost would save.

Array core: one entry per flow (a corridor, or the inflow of a country).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def spent(flow: ArrayLike, cost: ArrayLike) -> Floats:
    """Compute the amount spent on transfer costs, where the flow is the amount *sent*.

        S = R c / 100

    Args:
        flow: R, amount sent, any currency.
        cost: c, total cost in per cent of the amount sent.

    Returns:
        The amount, in the currency of the flow.

    >>> spent([1000.0], [7.0]).tolist()
    [70.0]
    """
    return np.asarray(np.asarray(flow, float) * np.asarray(cost, float) / 100)


def spent_on_received(flow: ArrayLike, cost: ArrayLike, margin: ArrayLike) -> Floats:
    """Compute the amount spent on transfer costs, where the flow is the amount *received*.

    Balance-of-payments inflows are net of the exchange rate margin, so that the amount sent was larger:

        P = R / (1 - m / 100),     S = P c / 100,     c = f + m

    Args:
        flow: R, amount received.
        cost: c, total cost in per cent of the amount sent.
        margin: m, the part of c taken through the exchange rate, in per cent.

    >>> spent_on_received([980.0], [7.0], [2.0]).tolist()
    [70.0]
    """
    sent = np.asarray(flow, float) / (1 - np.asarray(margin, float) / 100)
    return spent(sent, cost)


def saving(flow: ArrayLike, cost: ArrayLike, ceiling: float) -> Floats:
    """Compute what would be saved if no flow cost more than a ceiling.

        V = R max(0, c - ceiling) / 100

    Args:
        flow: R, amount sent.
        cost: c, total cost in per cent.
        ceiling: highest cost, in per cent (target 10.c: 3 on average, 5 for each corridor).

    >>> saving([1000.0, 1000.0], [7.0, 2.0], 3.0).tolist()
    [40.0, 0.0]
    """
    return spent(flow, np.maximum(0.0, np.asarray(cost, float) - ceiling))
