"""Static files under names that tell their content, our scripts' imports of each other too."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):
    """So a browser never mixes the scripts of two versions while an upgrade rolls out.

    Only in `static/js`: what packages bring imports by bare names, which Django takes for missing files.
    """

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = (
        "js/*.js",
        CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1],
    )
