"""What is masked before a run is committed, and what is not."""

from __future__ import annotations

import pytest

from fictures_reports.ci.secrets import Secrets, masked_run

#: Put together here, so that no scanner takes this file for a leak.
JWT = ".".join(["eyJ" + "hbGciOiJI", "eyJ" + "zdWIiOiIx", "c2lnbmF0dXJl"])
SECRET = [
    ("clone with " + "ghp_" + "x" * 36, "clone with ***"),
    ("github_pat" + "_11AAAA" + "b" * 30, "***"),
    ("glpat" + "-" + "A1b2" * 5, "***"),
    ("key AKIA" + "ABCDEFGHIJKLMNOP.", "key ***."),
    ("xoxb-" + "1234567890-abc", "***"),
    ("sk_live_" + "4eC39HqLyjWDarjt", "***"),
    (f"got {JWT} back", "got *** back"),
    ("https://kim:hunter22@shop.example/a", "https://kim:***@shop.example/a"),
    ("Authorization: Bearer abcdef123456", "Authorization: Bearer ***"),
    ('{"password": "correct horse"}', '{"password": "*** horse"}'),
    ('{"password":"hunter22"}', '{"password":"***"}'),
    ("API_KEY=abc123def", "API_KEY=***"),
    ("Set-Cookie: session=abcdef1234; Path=/", "Set-Cookie: *** Path=/"),
    ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc=\n-----END RSA PRIVATE KEY-----", "***"),
    ("pw is s3cr3t-of-ours", "pw is ***"),
]
HARMLESS = [
    "expected 24 to be 25", "the token is missing", "password: ***", "sk-1", "a://b/c@d",
    "locator('input[name=password]') not found", "basic auth failed", "eyJ", "key: 1",
    "AKIA is a prefix", "/home/runner/work", "http://127.0.0.1:4173/login?next=%2F",
]  # fmt: skip
ENVIRONMENT = {
    "SHOP_SECRET": "s3cr3t-of-ours", "SHORT_TOKEN": "abc", "HOME": "expected 24", "EMPTY_TOKEN": "",
    "DEPLOY_KEY_SECRET_FILE": "/home/runner/work",
}  # fmt: skip


@pytest.mark.parametrize(("text", "masked"), SECRET)
def test_what_looks_like_a_secret_is_masked(text, masked):
    assert Secrets.of(ENVIRONMENT).masked(text) == masked


@pytest.mark.parametrize("text", HARMLESS)
def test_other_texts_stay(text):
    assert Secrets.of(ENVIRONMENT).masked(text) == text


def test_a_run_is_masked_in_messages_attempts_errors_and_environment(run_of):
    token = "ghp_" + "x" * 36
    columns = {
        "message": [f"Error: {token}"], "stdout": [f"token={token}"],
        "attempts": [[{"status": "failed", "errors": [{"message": f"Error: {token}"}]}]],
    }  # fmt: skip
    run = run_of("r", {"a": "failed"}, columns, errors=[f"setup: {token}"],
                 environment={"base_url": "https://kim:hunter22@shop.example"})  # fmt: skip
    clean = masked_run(run, Secrets())
    text = repr(clean.results.to_dict()) + repr(clean.info) + repr(clean.ledger.to_dict())
    assert token not in text
    assert "hunter22" not in text
    assert clean.results["message"].tolist() == ["Error: ***"]
    assert clean.results.dtypes.equals(run.results.dtypes)
    assert run.results["message"].tolist() == [f"Error: {token}"]


def test_ids_keep_words_that_a_variable_has_too_and_lose_tokens(run_of):
    token = "ghp_" + "x" * 36
    run = run_of("r", {"logs in as s3cr3t-of-ours": "passed", f"with {token}": "passed"})
    titles = masked_run(run, Secrets.of(ENVIRONMENT)).results["title"].tolist()
    assert titles == ["logs in as s3cr3t-of-ours", "with ***"]
