"""Writes docs/openapi.json, and what the admin function serves at /openapi.json and /docs."""

from infra.openapi.build import build


def main() -> None:
    for path, text in build().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(path)


if __name__ == "__main__":
    main()
