"""How Sphinx makes the site. No page asks for anything that does not lie beside it."""

project = "Dateline"
extensions = ["myst_parser", "sphinx.ext.autodoc"]
html_theme = "furo"
html_title = "Dateline"
html_copy_source = False
html_show_copyright = False
myst_heading_anchors = 3
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
suppress_warnings = ["myst.header", "misc.highlighting_failure"]
