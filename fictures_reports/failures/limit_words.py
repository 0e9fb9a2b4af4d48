"""Words for limits and comparisons in other languages than English, as parts of patterns."""

from __future__ import annotations

from typing import Final

#: "limit", "budget", "at most", "allowed": what stands beside a limit.
LIMIT_NOUNS: Final = (
    r"grenz|obergrenze|höchst|mindest|maximal|minimal|erlaubt|zulässig|vorgabe|soll\b|statt\b"
    r"|limite|plafond|seuil|maximale|minimum|au plus|au moins|autorisé|au lieu de"
    r"|límite|umbral|máximo|mínimo|como máximo|al menos|permitid|presupuesto"
    r"|limiar|no máximo|pelo menos|orçamento|soglia|massimo|minimo|almeno|consentit"
    r"|grens|hoogstens|maximaal|minimaal|minstens|toegestaan"
    r"|högst|minst|gräns|tillåt|grænse|grense|højst"
    r"|en fazla|en az|sınır|próg|najwyżej|co najmniej|dozwolon"
    r"|лимит|порог|предел|не более|не менее|максимум|минимум"
    r"|допустим|上限|下限|预算|限制|阈值|最多|至少|予算|しきい値|閾値|以内|최대|최소|한도|제한"
)
#: "above", "exceeds", "less than": what stands between a measured number and its limit.
RELATIONS: Final = (
    r"über\b|unter\b|übersteig|überschr|unterschr|(?:mehr|größer|grösser|höher|länger|langsamer"
    r"|weniger|kleiner|niedriger|kürzer) als|statt\b"
    r"|dépass|excèd|supérieure?s? (?:à|aux?)|inférieure?s? (?:à|aux?)|au-dess(?:us|ous) d"
    r"|(?:plus|moins) (?:\S+ )?(?:de|que)\b"
    r"|au lieu de|supera|excede|(?:mayor|menor|más|menos|superior|inferior) (?:\S+ )?(?:que|de|a)\b"
    r"|por (?:encima|debajo) d|(?:acima|abaixo) d|ultrapass|(?:maior|mais) (?:\S+ )?(?:do )?que\b"
    r"|oltre\b|sopra\b|sotto\b|eccede"
    r"|(?:maggiore|minore|superiore|inferiore|più|meno) (?:\S+ )?(?:di|del|a)\b"
    r"|boven\b|onder\b|overschr|(?:meer|hoger|groter|langer|minder|lager|kleiner) dan"
    r"|över\b|överskr|overstiger|(?:mer|större|högre|längre|mindre|lägre) än"
    r"|przekr|powyżej|poniżej|ponad|(?:więcej|mniej|dłużej|krócej|wolniej) niż|fazla|aşıyor|az\b"
    r"|превы|выше|ниже|больше|меньше|дольше|超过|超出|大于|小于|高于|低于|多于|少于|超え|超過|下回|上回"
    r"|未満|초과|미만|넘|이상|이하"
)
