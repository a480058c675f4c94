"""Facts and invented names of the simulated market: countries, corridors, ways of sending, firms, rates.

The countries, their World Bank classes and their currencies are real; the corridors are real ones. Every
firm, cost factor and share is invented; among the exchange rates only the pegs are facts.
"""

from __future__ import annotations

from typing import NamedTuple


class Country(NamedTuple):
    """A country as the World Bank classes it; ".." is its sign for "not in any class"."""

    code: str
    name: str
    region: str
    income: str
    lending: str
    club: str
    currency: str


_ASIA, _EUROPE = "East Asia & Pacific", "Europe & Central Asia"
_LATIN, _ARAB = "Latin America & Caribbean", "Middle East & North Africa"
_SOUTH, _AFRICA = "South Asia", "Sub-Saharan Africa"
_HIGH, _UPPER, _LOWER, _LOW = "High income", "Upper middle income", "Lower middle income", "Low income"

# Kosovo stands under KSV, the publisher's own code, not the XKX that the rest of sojourn uses.
COUNTRIES: tuple[Country, ...] = (
    Country("AGO", "Angola", _AFRICA, _LOWER, "IBRD", "..", "AOA"),
    Country("ALB", "Albania", _EUROPE, _UPPER, "IBRD", "..", "ALL"),
    Country("ARE", "United Arab Emirates", "..", _HIGH, "..", "..", "AED"),
    Country("AUS", "Australia", "..", _HIGH, "..", "G20", "AUD"),
    Country("BGD", "Bangladesh", _SOUTH, _LOWER, "IDA", "..", "BDT"),
    Country("BRA", "Brazil", _LATIN, _UPPER, "IBRD", "G20", "BRL"),
    Country("CAN", "Canada", "..", _HIGH, "..", "G8/G20", "CAD"),
    Country("CHE", "Switzerland", "..", _HIGH, "..", "..", "CHF"),
    Country("COL", "Colombia", _LATIN, _UPPER, "IBRD", "..", "COP"),
    Country("DEU", "Germany", "..", _HIGH, "..", "G8/G20", "EUR"),
    Country("DOM", "Dominican Republic", _LATIN, _UPPER, "IBRD", "..", "DOP"),
    Country("EGY", "Egypt, Arab Rep.", _ARAB, _LOWER, "IBRD", "..", "EGP"),
    Country("ESP", "Spain", "..", _HIGH, "..", "..", "EUR"),
    Country("FJI", "Fiji", _ASIA, _UPPER, "Blend", "..", "FJD"),
    Country("FRA", "France", "..", _HIGH, "..", "G8/G20", "EUR"),
    Country("GBR", "United Kingdom", "..", _HIGH, "..", "G8/G20", "GBP"),
    Country("GTM", "Guatemala", _LATIN, _UPPER, "IBRD", "..", "GTQ"),
    Country("HTI", "Haiti", _LATIN, _LOWER, "IDA", "..", "HTG"),
    Country("IDN", "Indonesia", _ASIA, _UPPER, "IBRD", "G20", "IDR"),
    Country("IND", "India", _SOUTH, _LOWER, "IBRD", "G20", "INR"),
    Country("ITA", "Italy", "..", _HIGH, "..", "G8/G20", "EUR"),
    Country("JAM", "Jamaica", _LATIN, _UPPER, "IBRD", "..", "JMD"),
    Country("JPN", "Japan", "..", _HIGH, "..", "G8/G20", "JPY"),
    Country("KEN", "Kenya", _AFRICA, _LOWER, "Blend", "..", "KES"),
    Country("KOR", "Korea, Rep.", "..", _HIGH, "..", "G20", "KRW"),
    Country("KSV", "Kosovo", _EUROPE, _UPPER, "IDA", "..", "EUR"),
    Country("MAR", "Morocco", _ARAB, _LOWER, "IBRD", "..", "MAD"),
    Country("MEX", "Mexico", _LATIN, _UPPER, "IBRD", "G20", "MXN"),
    Country("MLI", "Mali", _AFRICA, _LOW, "IDA", "..", "XOF"),
    Country("MOZ", "Mozambique", _AFRICA, _LOW, "IDA", "..", "MZN"),
    Country("MYS", "Malaysia", _ASIA, _UPPER, "IBRD", "..", "MYR"),
    Country("NAM", "Namibia", _AFRICA, _UPPER, "IBRD", "..", "NAD"),
    Country("NGA", "Nigeria", _AFRICA, _LOWER, "Blend", "..", "NGN"),
    Country("NPL", "Nepal", _SOUTH, _LOWER, "IDA", "..", "NPR"),
    Country("NZL", "New Zealand", "..", _HIGH, "..", "..", "NZD"),
    Country("PAK", "Pakistan", _SOUTH, _LOWER, "Blend", "..", "PKR"),
    Country("PHL", "Philippines", _ASIA, _LOWER, "IBRD", "..", "PHP"),
    Country("ROU", "Romania", _EUROPE, _UPPER, "IBRD", "..", "RON"),
    Country("RUS", "Russian Federation", _EUROPE, _UPPER, "IBRD", "G8/G20", "RUB"),
    Country("SAU", "Saudi Arabia", "..", _HIGH, "..", "G20", "SAR"),
    Country("SEN", "Senegal", _AFRICA, _LOWER, "IDA", "..", "XOF"),
    Country("SGP", "Singapore", "..", _HIGH, "..", "..", "SGD"),
    Country("SLV", "El Salvador", _LATIN, _UPPER, "IBRD", "..", "USD"),
    Country("TJK", "Tajikistan", _EUROPE, _LOWER, "IDA", "..", "TJS"),
    Country("TON", "Tonga", _ASIA, _UPPER, "IDA", "..", "TOP"),
    Country("TUR", "Türkiye", _EUROPE, _UPPER, "IBRD", "G20", "TRY"),
    Country("TZA", "Tanzania", _AFRICA, _LOWER, "IDA", "..", "TZS"),
    Country("USA", "United States", "..", _HIGH, "..", "G8/G20", "USD"),
    Country("UZB", "Uzbekistan", _EUROPE, _LOWER, "Blend", "..", "UZS"),
    Country("VNM", "Viet Nam", _ASIA, _LOWER, "IBRD", "..", "VND"),
    Country("WSM", "Samoa", _ASIA, _LOWER, "IDA", "..", "WST"),
    Country("ZAF", "South Africa", _AFRICA, _UPPER, "IBRD", "G20", "ZAR"),
    Country("ZWE", "Zimbabwe", _AFRICA, _LOWER, "Blend", "..", "USD"),
)

_RECEIVERS = {
    "USA": "MEX GTM SLV PHL IND NGA HTI DOM",
    "GBR": "IND PAK NGA BGD",
    "ARE": "IND PAK PHL",
    "SAU": "PAK BGD EGY",
    "DEU": "TUR KSV",
    "CHE": "KSV",
    "FRA": "MAR SEN MLI",
    "ITA": "ROU ALB",
    "ESP": "COL MAR",
    "RUS": "UZB TJK",
    "ZAF": "ZWE MOZ",
    "AGO": "NAM",
    "TZA": "KEN",
    "SGP": "PHL IDN",
    "MYS": "NPL",
    "AUS": "FJI VNM",
    "NZL": "WSM TON",
    "CAN": "JAM PHL",
    "JPN": "BRA PHL",
    "KOR": "VNM",
}
CORRIDORS: tuple[tuple[str, str], ...] = tuple(
    (sender, receiver) for sender, receivers in _RECEIVERS.items() for receiver in receivers.split()
)

# Invented, but of the known order: cheap from Russia and the Gulf, dear from Africa and Japan; 1 elsewhere.
SENDER_FACTORS = {"RUS": 0.3, "ARE": 0.6, "SAU": 0.7, "SGP": 0.6, "MYS": 0.7, "KOR": 0.7, "USA": 0.85} | {
    "CHE": 1.3, "JPN": 1.5, "AGO": 1.6, "ZAF": 1.9, "TZA": 2.0
}  # fmt: skip


class Form(NamedTuple):
    """One way of sending: how it is paid and collected, its cost factor and how often it occurs."""

    firm_type: str
    payment: str
    access: str
    pickup_location: str | None
    pickup: str
    speed: str
    product: str
    factor: float
    share: float


_MTO = "Money Transfer Operator"
_FAST = "Less than one hour"
FORMS: tuple[Form, ...] = (
    Form(_MTO, "Cash", "Agent", "Agent", "Cash", _FAST, "Cash to cash", 0.95, 0.30),
    Form(_MTO, "Debit card", "Internet", "Agent", "Cash", _FAST, "Online service", 0.90, 0.15),
    Form(_MTO, "Bank account", "Internet", None, "Bank account", "Next day", "Online service", 0.65, 0.15),
    Form(_MTO, "Cash", "Agent", None, "Bank account", "Same day", "Cash to account", 0.85, 0.08),
    Form("Bank", "Bank account", "Branch", None, "Bank account", "3-5 days", "Account to account", 2.0, 0.12),
    Form("Bank", "Bank account", "Internet", None, "Bank account", "2 days", "Account to account", 1.6, 0.08),
    Form(
        "Bank",
        "Bank account",
        "Branch",
        "Bank branch",
        "Cash",
        "6 days or more",
        "Account to cash",
        1.9,
        0.02,
    ),
    Form("Post office", "Cash", "Post Office", "Post office", "Cash", "Same day", "Cash to cash", 1.0, 0.04),
    Form(
        "Mobile Operator", "Mobile money", "Mobile phone", None, "Mobile wallet", _FAST, "Mobile", 0.55, 0.06
    ),
)

# All firms are invented; a likeness to a real one is chance.
FIRMS: dict[str, tuple[str, ...]] = {
    _MTO: (
        "Harbour Transfer", "Swallow Remit", "Two Rivers Money", "Lantern Exchange", "Monsoon Pay",
        "Acacia Transfer", "Compass Money", "Blue Kite", "Open Road Remit", "Saffron Exchange",
    ),
    "Bank": ("Cedar Bank", "Bank of the Estuary", "Granite Bank", "First Meadow Bank", "Juniper Savings"),
    "Post office": ("Northern Post (invented)", "Coastal Post (invented)"),
    "Mobile Operator": ("Heron Mobile", "Baobab Telecom"),
}  # fmt: skip

# Units of a currency per unit of its anchor, used where CurrencyConverter has no rate. Only the pegs
# (XOF, AED, SAR, NAD) are facts; all others are INVENTED constants of the right order.
ANCHORED: dict[str, tuple[str, float]] = {
    "XOF": ("EUR", 655.957), "AED": ("USD", 3.6725), "SAR": ("USD", 3.75), "NAD": ("ZAR", 1.0),
    "ALL": ("EUR", 120.0), "MAD": ("EUR", 10.8), "RON": ("EUR", 4.8), "USD": ("EUR", 1.1),
    "AOA": ("USD", 500.0), "AUD": ("USD", 1.45), "BDT": ("USD", 90.0), "BRL": ("USD", 4.8),
    "CAD": ("USD", 1.3), "CHF": ("USD", 0.95), "COP": ("USD", 3800.0), "DOP": ("USD", 55.0),
    "EGP": ("USD", 20.0), "FJD": ("USD", 2.2), "GBP": ("USD", 0.77), "GTQ": ("USD", 7.7),
    "HTG": ("USD", 100.0), "IDR": ("USD", 14500.0), "INR": ("USD", 75.0), "JMD": ("USD", 145.0),
    "JPY": ("USD", 120.0), "KES": ("USD", 110.0), "KRW": ("USD", 1200.0), "MXN": ("USD", 19.0),
    "MYR": ("USD", 4.3), "MZN": ("USD", 63.0), "NGN": ("USD", 400.0), "NPR": ("USD", 120.0),
    "NZD": ("USD", 1.55), "PHP": ("USD", 52.0), "PKR": ("USD", 170.0), "RUB": ("USD", 85.0),
    "SGD": ("USD", 1.36), "TJS": ("USD", 10.0), "TOP": ("USD", 2.3), "TRY": ("USD", 15.0),
    "TZS": ("USD", 2300.0), "UZS": ("USD", 9000.0), "VND": ("USD", 23000.0), "WST": ("USD", 2.6),
    "ZAR": ("USD", 15.5),
}  # fmt: skip
