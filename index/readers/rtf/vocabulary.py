"""The control words of RTF that tell what is text, what stands apart from it, and what is no text (RTF specification 1.9.1)."""

from __future__ import annotations

SIGNS = {
    "line": "\n",
    "lbr": "\n",
    "page": "\n",
    "column": "\n",
    "tab": "\t",
    "emdash": "—",
    "endash": "–",
    "emspace": "\u2003",
}
SIGNS |= {"enspace": "\u2002", "qmspace": "\u2005", "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“"}
SIGNS |= {
    "rdblquote": "”",
    "zwj": "\u200d",
    "zwnj": "\u200c",
    "ltrmark": "\u200e",
    "rtlmark": "\u200f",
    "nestcell": "\t",
}
SIGNS |= {"nestrow": "\n"}
SYMBOLS = {"~": "\xa0", "_": "-", "{": "{", "}": "}", "\\": "\\"}

ASIDES = {"footnote": "footnote", "annotation": "comment", "shptxt": "box"}
ASIDES |= dict.fromkeys(("header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf"), "frame")
KEPT = {"title", "subject", "keywords", "author", "atnauthor", "creatim", "revtim"}
"""Destinations whose words are kept by their name."""
PASSED = {"shp", "shpinst", "nesttableprops", "fldrslt", "object", "result", "info", "upr"}
SKIPPED = {
    "colortbl",
    "pict",
    "fldinst",
    "nonshppict",
    "shprslt",
    "nonesttables",
    "listtable",
    "listoverridetable",
    "rsidtbl",
}
SKIPPED |= {
    "themedata",
    "datastore",
    "filetbl",
    "revtbl",
    "xe",
    "tc",
    "rxe",
    "bkmkstart",
    "bkmkend",
    "sp",
    "formfield",
    "objdata",
}
SKIPPED |= {
    "operator",
    "company",
    "category",
    "manager",
    "comment",
    "doccomm",
    "printim",
    "buptim",
    "hlinkbase",
    "mmathPict",
}
SKIPPED |= {
    "footnotesep",
    "ftnsep",
    "ftnsepc",
    "ftncn",
    "aftnsep",
    "aftnsepc",
    "aftncn",
    "template",
    "generator",
    "moMath",
}
NUMBERS = {"listtext", "pntext"}

CODE_PAGES = {
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    130: "johab",
    134: "gb18030",
    136: "big5hkscs",
    161: "cp1253",
}
CODE_PAGES |= {162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874"}
CODE_PAGES |= {238: "cp1250", 254: "cp437", 255: "cp850"}
"""By the number of a font's character set. 0 is what the document says, 2 is of signs."""
OF_SIGNS = 2
