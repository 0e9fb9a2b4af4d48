# ruff: noqa: E501 (lines as tests print them)
"""The reason of a skip is the sentence that says what was missing, wherever it was printed."""

import pytest

from fictures_reports.classification import classify
from fictures_reports.classification.printed_reasons import printed_reason
from fictures_reports.schema import results_frame


@pytest.mark.parametrize(
    ("stdout", "category", "reason"),
    [
        ("Basket B-7 not found, giving up\nSaved a picture\nError: this test is skipped\n", "skipped_data", "Basket B-7 not found, giving up"),
        ("open\n⚠️  No tills available in shop 3 - skipping\nwrote out/a.png\nDone.\n", "skipped_data", "No tills available in shop 3 - skipping"),
        ("\x1b[33mwarn\x1b[39m Export button not visible\n\x1b[36minfo\x1b[39m bye\ntest skipped", "skipped_ui", "Export button not visible"),
        ("console.log: TILL_TOKEN is not set\nSkipping test...\n", "skipped_environment", "TILL_TOKEN is not set"),
        ("[2026-10-05T08:00:00Z] INFO receipt service is down\n[2026-10-05T08:00:01Z] INFO bye\nTest skipped.", "skipped_environment", "receipt service is down"),
        ("INFO:root:price list file missing\nINFO:root:test skipped\n", "skipped_data", "price list file missing"),
        ('{"level":"warn","msg":"order 12 not found"}\n{"level":"info","msg":"test skipped"}\n', "skipped_data", "order 12 not found"),
        ("> Data set 'spring' does not exist\nthis step is skipped\nRan 0 steps", "skipped_data", "Data set 'spring' does not exist"),
        ("Failed to load resource: 404 (Not Found)\nOrder list is empty\nskipped", "skipped_data", "Order list is empty"),
        ("Price missing for order 3, skipping test\nTeardown: no temp file found\n", "skipped_data", "Price missing for order 3, skipping test"),
        ("Only 1 order seeded, need 3\nError: Test is skipped: undefined\n", "skipped_data", "Only 1 order seeded, need 3"),
        ("Skipping: works only on Firefox\n", "skipped_condition", "works only on Firefox"),
        ("Login failed: could not log in as cashier\nthis test was skipped", "skipped_environment", "Login failed: could not log in as cashier"),
        ("Bestellung 12 nicht gefunden\nTest wird übersprungen\n", "skipped_data", "Bestellung 12 nicht gefunden"),
        ("Schaltfläche 'Kasse' fehlt\nÜberspringe Test", "skipped_ui", "Schaltfläche 'Kasse' fehlt"),
        ("Facture introuvable pour le client 7\nTest ignoré.\n", "skipped_data", "Facture introuvable pour le client 7"),
        ("No se encontró el pedido\nOmitiendo prueba\n", "skipped_data", "No se encontró el pedido"),
        ("Botão Pagar não encontrado\nPulando teste", "skipped_ui", "Botão Pagar não encontrado"),
        ("Ordine non trovato\nTest saltato", "skipped_data", "Ordine non trovato"),
        ("Заказ не найден\nТест пропущен\n", "skipped_data", "Заказ не найден"),
        ("未找到订单\n跳过测试\n", "skipped_data", "未找到订单"),
        ("注文が見つかりません\nテストをスキップします\n", "skipped_data", "注文が見つかりません"),
        ("주문이 없습니다\n테스트 건너뜀", "skipped_data", "주문이 없습니다"),
        ("Kvitto saknas\nfärdig", "skipped_data", "Kvitto saknas"),
    ],
)  # fmt: skip
def test_the_sentence_that_says_what_was_missing_is_the_reason(
    stdout: str, category: str, reason: str
) -> None:
    columns = {"case_id": ["a"], "status": ["skipped"], "expected_status": ["skipped"]}
    row = classify(results_frame({**columns, "duration_s": [0.1], "stdout": [stdout]})).iloc[0]
    assert (row["category"], row["skip_reason"]) == (category, reason)


@pytest.mark.parametrize(
    "said",
    ["Error: this test is skipped\n", "test skipped\n", "Skipping this test for now...", "step 1\n",
     "跳过测试", "Test wird übersprungen", "Тест пропущен"],
)  # fmt: skip
def test_that_a_test_was_skipped_is_no_reason(said: str) -> None:
    assert printed_reason(said) is None


def test_what_was_missing_may_stand_in_the_error_output() -> None:
    assert printed_reason(None, "Docker is not running\ntest skipped") == "Docker is not running"
    said = printed_reason("No tills found, skipping", "could not read colours, skipping the theme")
    assert said == "No tills found, skipping"


def test_of_equal_sentences_the_last_one_is_the_reason() -> None:
    assert printed_reason("banner not found\norder 3 not found\nbye") == "order 3 not found"


def test_a_declared_reason_without_words_gives_way_to_what_was_printed() -> None:
    columns = {"case_id": ["a"], "status": ["skipped"], "skip_reason": ["this test is skipped"]}
    row = classify(results_frame({**columns, "stdout": ["Order 3 not found"]})).iloc[0]
    assert (row["category"], row["skip_reason"]) == ("skipped_data", "Order 3 not found")
