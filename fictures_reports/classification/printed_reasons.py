"""Why a test skipped itself, as it printed it: the sentence that says what was missing.

Voucher SPRING not found, giving up      ← the reason
Saved a screenshot
Error: this test is skipped              ← tells that it was skipped, not why
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from fictures_reports.failures.plain_text import without_colours
from fictures_reports.patterns import Pattern, encodable

#: Characters and lines of the output's end that are looked at, and the longest reason.
_CHARACTERS: Final = 8_000
_LINES: Final = 40
_LONGEST: Final = 500

_SKIPS = Pattern(
    r"(?i)\bskip|\bbail(?:ing)? out|\bgiv(?:e|ing) up|\breturning early|\baborting\b"
    r"|跳过|略过|スキップ|건너|пропус|пропущ|überspr|\bsaut(?:e|er|é|ée|ons)\b|ignor(?:é|ée|ons)\b"
    r"|\bomit|\bpula(?:ndo|do|r)\b|\bsalta(?:ndo|do|r|to)?\b|overgeslagen|overslaan|hoppa[rs]? över"
    r"|pomini|pomij|atlan"
)
_MISSING = Pattern(
    r"(?i)\bnot (?:be )?(?:yet |currently |been )?(?:found|available|accessible|set|present|visible"
    r"|running|installed|there|configured|ready|enabled|reachable|defined|provided|exist|seeded"
    r"|created|displayed|rendered|loaded|connected|logged|authenticated|authori[sz]ed|granted"
    r"|responding|started|empty|supported|returned|populated|in PATH|on PATH)"
    r"|\bmissing\b|\bunavailable\b|\bunreachable\b|\binaccessible\b|\babsent\b|\bempty\b|\boffline\b"
    r"|\bexpired\b|\bunset\b|\bundefined\b|\blacks?\b|\bnothing (?:to|found|in)\b|\bwithout\b"
    r"|\b(?:is|are|was|were|seems) (?:down|stopped|disabled|hidden|gone)\b"
    r"|n't (?:be )?(?:find|found|exist|see|reach|open|load|connect|available|have|there|running|set"
    r"|installed|show|respond|visible|log|any)"
    r"|\b(?:unable|not able|failed|fails) to\b|\b(?:cannot|can't|could not|couldn't)\b"
    r"|\bdo(?:es)? not (?:exist|have|contain|respond|support)\b|\bdid not (?:find|load|open|appear)"
    r"|\brequire[sd]?\b|\bneeds?\b|\bonly \d+\b|\b(?:found|got|has|have) (?:no|0|zero|none|only)\b"
    r"|(?:^|[^\w-])(?:no|zero) [\w$#'\"-]+|\b0 (?:\S+ )?(?:found|available|left)\b"
    r"|nicht (?:\S+ )?(?:gefunden|vorhanden|verfügbar|erreichbar|gesetzt|installiert|da\b|sichtbar"
    r"|gestartet|konfiguriert|angemeldet)|läuft nicht|fehl(?:t|en|end)"
    r"|\bkeine?[nmrs]? \S+|existiert nicht"
    r"|introuvable|manqu(?:e|ant)|indisponible|aucune?\b|n'existe pas|\bpas (?:de|trouvé|disponible"
    r"|défini|installé|présent)|inaccessible|hors service"
    r"|\bno (?:se )?(?:encontr|existe|hay|está|disponible|hubo)|\bfalta[n]?\b|\bausente|\bning[uú]n"
    r"|\bnão (?:\S+ )?(?:encontr|exist|há|dispon|está|definid)|\bnenhum|\bsem \S+"
    r"|\bnon (?:\S+ )?(?:trovat|dispon|esiste|present|raggiung|impostat)"
    r"|\bmanca(?:no|nte)?\b|\bnessun"
    r"|\bniet (?:gevonden|beschikbaar|aanwezig|bereikbaar|ingesteld)|\bontbreekt|\bgeen \S+"
    r"|hittades inte|saknas|\binte (?:tillgänglig|hittad)|\bikke (?:fun[nd]et|tilgjengelig)"
    r"|\bmangler"
    r"|\bnie (?:znalezion|istnieje|ma\b|działa)|\bbrak(?:uje)?\b|bulunamad|\byok\b|mevcut değil"
    r"|не (?:найден|удалось|существует|запущен|задан|доступ|установлен)"
    r"|\p{Z}нет\p{Z}|отсутству|недоступ"
    r"|未找到|找不到|没有|沒有|缺少|不存在|不可用|无法|未(?:安装|配置|设置|运行|启动|登录)|为空"
    r"|見つかり|見つから|ありません|存在しない|存在しません|利用でき|起動していません|未設定"
    r"|없(?:음|습니다|어|는)|찾을 수"
)
#: Words of a runner, a page or a clean-up, which also speak of what is missing.
_NOISE = Pattern(
    r"(?i)failed to load resource|favicon|deprecat|sourcemap|source map|\bHMR\b|\[vite\]"
    r"|download the react devtools|^\s*at \S+|\bGET /|\bPOST /|experimentalwarning"
    r"|net::ERR_|content security"
    r"|screenshot|clean(?:ing|ed)?[ -]?up|tear(?:ing)?[ -]?down"
)
#: What stands before the words: times, levels, the call that printed, emoji, marks of a list.
_PREFIX = Pattern(
    r"(?i)\A(?:[^\p{L}\p{N}'\"`(\[<$#/]+|ℹ"
    r"|(?:info|warning|error|debug|critical):[\w.]+:"
    r"|\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?\]?"
    r"|\[?\d\d:\d\d:\d\d(?:[.,]\d+)?\]?"
    r"|(?:browser )?console\.(?:log|info|warn|error|debug)(?::|\b)"
    r"|\[[\w :./›-]{1,40}\](?:\s|:)"
    r"|\(?(?:info|warn|warning|error|debug|log|notice|note|hint|trace)\)?\s*[:|>-]"
    r"|(?:info|warn|warning|error|debug)\s{1,4}(?:\p{Lu})?\b"
    r"|(?:skip(?:ped|ping)?(?: (?:this |the )?test)?|übersprungen|跳过|スキップ|пропуск)"
    r"\s*(?::|：|-|–|—)\s)"
)
#: Words that say that a test is skipped, whatever the reason.
_ANNOUNCED = Pattern(
    r"(?i)\b(?:errors?|warnings?|info|skip(?:s|ped|ping)?|tests?|specs?|cases?|steps?|scenarios?|suites?"
    r"|this|the|rest|remaining|whole|is|are|was|were|be|been|being|will|has|have|had|and|so|we|i|it"
    r"|of|as|to|now|here|for|giving|give|gave|up|exiting|exit|exited|returning|return|early|done|abort"
    r"|aborted|aborting|ending|stopping|bailing|bail|out|marking|marked|gracefully|execution|running"
    r"|der|die|das|wird|wurde|le|la|el|il|o|este|esta|ce|cette|est|sera"
    r"|prueba|teste?|omitid[oa]|omitiendo|pulando|pulad[oa]|saltat[oa]|saltando|saltado"
    r"|overgeslagen|wordt|true|reason|none|null|undefined)\b"
    # \b knows ASCII only
    r"|überspr\p{L}+|ignorée?|sautée?|(?:тест(?:а|ы)?|пропущен[аоы]?|пропускаем|пропуск|этот)"
    r"|跳过|略过|此|该|本|测试|用例|执行|テスト|スキップ|しました|します|された|を|は|が|테스트|건너뜁니다|건너뜀|를|을"
)
_LETTER = Pattern(r"[\p{L}\p{N}]")


def printed_reason(*outputs: Any) -> str | None:
    """Return the line of a test's output that says best why it gave up; None where none does.

    A line that says what was missing and gives up beats one that only says what was missing, and
    that beats one that only gives up; among equals the last one of the first output decides.
    """
    best, reason = 0, None
    for output in outputs:
        if not isinstance(output, str) or not output.strip():
            continue
        text = without_colours(encodable(output[-_CHARACTERS:]))
        for line in reversed(
            [printed_line for printed_line in text.splitlines() if printed_line.strip()][-_LINES:]
        ):
            words = unprefixed(_logged(line))
            if (worth := _worth(line, words)) > best:
                best, reason = worth, words[:_LONGEST]
    return reason


def _worth(line: str, words: str) -> int:
    """Tell how much a line says about why the test gave up, from 0 to 4."""
    skips, missing = _SKIPS.search(line), _MISSING.search(words)
    if not (skips or missing) or only_announces(words):
        return 0
    if skips:
        return 4 if missing else 2
    return 1 if _NOISE.search(words) else 3


def _logged(line: str) -> str:
    """Return the message of a line that a logger wrote as JSON; any other line as it is."""
    line = line.strip()
    if not line.startswith("{"):
        return line
    try:
        entry = msgspec.json.decode(line)
    except (msgspec.DecodeError, RecursionError):
        return line
    message = next((entry[name] for name in ("msg", "message", "text") if entry.get(name)), None)
    return message if isinstance(message, str) else line


def unprefixed(line: str) -> str:
    """Take time, level, emoji and the like off the beginning of a printed line.

    >>> unprefixed("[12:00:01] WARN: ⚠️ no vouchers found")
    'no vouchers found'
    """
    line = line.strip()
    while (found := _PREFIX.search(line)) and found.end() and line[found.end() :].strip():
        line = line[found.end() :].strip()
    return line


def only_announces(text: str) -> bool:
    """Tell whether a text only says that a test is skipped, not why.

    >>> only_announces("Error: this test is skipped"), only_announces("skipped: no voucher")
    (True, False)
    """
    return _LETTER.search(_ANNOUNCED.without(encodable(text))) is None
