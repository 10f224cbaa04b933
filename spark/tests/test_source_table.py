from cdc.source_table import SourceTable


def test_a_tables_changes_lie_under_its_schema_and_name() -> None:
    assert SourceTable("public", "customers1").path_in("s3a://lake") == "s3a://lake/public/customers1"


def test_names_that_are_no_path_are_escaped_and_stay_apart() -> None:
    assert SourceTable("public", "a/b c").path_in("s3a://lake") == "s3a://lake/public/a%2Fb c"


def test_letters_of_any_language_stay_as_they_are() -> None:
    assert SourceTable("public", "LİNKS").path_in("s3a://lake") == "s3a://lake/public/LİNKS"
