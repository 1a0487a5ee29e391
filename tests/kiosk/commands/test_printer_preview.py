from click.testing import CliRunner
from PIL import Image

from kiosk.commands.printer_preview import preview
from tests.printer.samples import ticket


def test_a_receipt_in_json_becomes_a_picture(tmp_path):
    source, out = tmp_path / "ticket.json", tmp_path / "ticket.png"
    source.write_text(ticket().model_dump_json(), encoding="utf-8")
    result = CliRunner().invoke(preview, [str(source), "--profile", "generic-80mm", "--out", str(out)])
    assert result.exit_code == 0, result.output
    with Image.open(out) as image:
        assert image.width == 576


def test_what_is_not_a_receipt_or_not_a_profile_is_refused_in_one_line(tmp_path):
    source = tmp_path / "wrong.json"
    source.write_text('{"title": "x"}', encoding="utf-8")
    for arguments, words in (([], "language"), (["--profile", "laser"], "generic-80mm")):
        result = CliRunner().invoke(preview, [str(source), *arguments, "--out", str(tmp_path / "x.png")])
        assert result.exit_code == 2
        assert words in result.output.splitlines()[-1]
