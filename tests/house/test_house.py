#!/usr/bin/env python3
"""Tests of house.py: each rule finds the breach that is planted for it in a small clean tree."""

import contextlib
import io
import os
import shutil
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import house

CLEAN = {
    "README.md": "# x\n",
    "include/README.md": "# x\n",
    "include/hunch/a.h": """/* hunch/a.h */
#ifndef HUNCH_A_H
#define HUNCH_A_H

/* A limit and its half. */
#define HUNCH_A_MAX  2
#define HUNCH_A_HALF 1

/* A pair. */
typedef struct hunch_a {
    int x; /* one */
    int y;

    /* Called
     * back. */
    int (*call)(void);
} hunch_a;

/* Make it. Threads: confined. */
HUNCH_API HUNCH_MUST_USE int hunch_a_make(hunch_a *a, int y);

#endif
""",
    "include/hunch/b.h": "/* hunch/b.h: draft, compiled but not installed */\n",
    "lib/README.md": "# x\n",
    "lib/hunch.map": "V {\n    global:\n        hunch_a_make;\n    local:\n        *;\n};\n",
    "lib/package/README.md": "# x\n",
    "lib/package/libraries.cmake": "install(FILES include/hunch/a.h)\n",
    "lib/base/README.md": "# x\n",
    "lib/base/low.h": "#include <hunch/a.h>\n",
    "lib/kernels/README.md": "# x\n",
    "lib/kernels/high.h": "#include \"low.h\"\n",
    "lib/format/README.md": "# x\n",
    "lib/format/file.c": "#include \"low.h\"\n\nint one(void)\n{\n    return 1;\n}\n",
    "bloom/README.md": "# x\n",
    "bloom/bloom.c": "#include \"bloom.h\"\n#include \"high.h\"\n",
    "bloom/bloom.h": "\n",
    "learned_index/README.md": "# x\n",
    "learned_index/index.c": "#include \"high.h\"\n",
    "tests/README.md": "# x\n",
    "tests/check_a.c": "#include \"bloom.h\"\n#include \"low.h\"\n",
}


class HouseTest(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.root)
        for path, text in CLEAN.items():
            self.put(path, text)
        shutil.copy(os.path.join(os.path.dirname(house.__file__), "..", "..", ".clang-format"),
                    self.root)

    def put(self, path, text):
        place = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "w", encoding="utf-8") as file:
            file.write(text)

    def replace(self, path, old, new):
        self.assertIn(old, CLEAN[path])
        self.put(path, CLEAN[path].replace(old, new))

    def breaches(self):
        return house.check(self.root).breaches

    def assert_only(self, *parts):
        """There is exactly one breach, and it has all these parts."""
        found = self.breaches()
        self.assertEqual(len(found), 1, found)
        for part in parts:
            self.assertIn(part, found[0])

    def need(self, tool):
        if tool is None:
            self.skipTest("the tool of this rule is not installed")

    def test_clean_tree_has_no_breach(self):
        self.assertEqual(self.breaches(), [])

    def test_include_of_a_higher_layer(self):
        self.put("lib/base/low.h", "#include \"high.h\"\n")
        self.assert_only("lib/base/low.h:1", "lib/kernels is not below lib/base")

    def test_include_of_a_neighbour(self):
        self.put("lib/format/file.c", "#include \"high.h\"\n#include \"low.h\"\n")
        self.assert_only("lib/format/file.c:1", "lib/kernels is not below lib/format")

    def test_component_includes_another(self):
        self.put("learned_index/index.c", "#include \"bloom.h\"\n")
        self.assert_only("learned_index/index.c:1", "bloom is not below learned_index")

    def test_path_upwards(self):
        self.put("bloom/bloom.c", "#include \"../lib/base/low.h\"\n")
        self.assert_only("bloom/bloom.c:1", "a path upwards")

    def test_library_includes_tests(self):
        self.put("tests/oracle.h", "\n")
        self.put("bloom/bloom.c", "#include \"oracle.h\"\n")
        self.assert_only("bloom/bloom.c:1", "tests is not below bloom")

    def test_longest_function(self):
        self.need(shutil.which("ctags"))
        body = "    x++;\n" * (house.LONGEST_MAX - 3)
        short = "".join(f"int f{i}(void)\n{{\n    return {i};\n}}\n\n" for i in range(200))
        text = f"{short}void just(int x)\n{{\n{body}}}\n"
        self.put("lib/base/long.c", text)
        self.assertEqual(self.breaches(), [])
        self.put("lib/base/long.c", text.replace("    x++;\n}", "    x++;\n    x++;\n}"))
        self.assert_only("lib/base/long.c:1001", "just has 121 lines")

    def test_median_and_p99(self):
        self.need(shutil.which("ctags"))
        self.put("lib/base/long.c", "void f(int x)\n{\n" + "    x++;\n" * 90 + "}\n\n"
                 + "void g(int x)\n{\n" + "    x++;\n" * 20 + "}\n")
        found = "\n".join(self.breaches())
        self.assertIn("library: median length of a function is 23", found)
        self.assertIn("library: p99 length of a function is 93", found)

    def test_check_macros_are_functions(self):
        self.need(shutil.which("ctags"))
        self.put("tests/check_a.c", "START_TEST(long_one)\n{\n" + "    f();\n" * 130 + "}\nEND_TEST\n")
        self.assertIn("tests/check_a.c:1: long_one has 133 lines", "\n".join(self.breaches()))

    def test_long_file_is_listed(self):
        self.put("lib/base/long.c", "\n" * (house.LONG_FILE + 1))
        rows = {name: figures for name, _, figures in house.check(self.root).rows}
        self.assertEqual(rows.get("long files", "lib/base/long.c"), "lib/base/long.c")

    def test_function_without_comment(self):
        self.replace("include/hunch/a.h", "/* Make it. Threads: confined. */\n", "")
        self.assert_only("include/hunch/a.h:19", "hunch_a_make has no comment")

    def test_comment_not_directly_above(self):
        self.replace("include/hunch/a.h", "confined. */\n", "confined. */\n\n")
        self.assert_only("hunch_a_make has no comment")

    def test_function_without_thread_word(self):
        for text in ("/* Make it. */", "/* Make it. Threads: any. */"):
            self.replace("include/hunch/a.h", "/* Make it. Threads: confined. */", text)
            self.assert_only("hunch_a_make lacks a Threads: word")

    def test_type_without_comment(self):
        self.replace("include/hunch/a.h", "/* A pair. */\n", "")
        self.assert_only("type typedef struct hunch_a has no comment")

    def test_macro_without_comment(self):
        self.replace("include/hunch/a.h", "\n/* A pair", "\n#define HUNCH_A_LOST 1\n\n/* A pair")
        self.assert_only("macro HUNCH_A_LOST has no comment")

    def test_field_without_comment(self):
        self.replace("include/hunch/a.h", "    int x; /* one */\n", "    int x;\n")
        found = self.breaches()
        self.assertEqual(len(found), 2, found)
        self.assertIn("field x has no comment", found[0])
        self.assertIn("field y has no comment", found[1])

    def test_header_neither_installed_nor_draft(self):
        self.put("include/hunch/b.h", "/* hunch/b.h */\n")
        self.assert_only("include/hunch/b.h:1", "must either be installed or say")

    def test_installed_draft(self):
        self.put("lib/package/libraries.cmake", "include/hunch/a.h include/hunch/b.h")
        self.assert_only("include/hunch/b.h:1")

    def test_export_that_is_not_declared(self):
        self.replace("lib/hunch.map", "hunch_a_make;", "hunch_a_make;\n        hunch_lost;")
        self.assert_only("hunch_lost is in no installed header")

    def test_declaration_that_is_not_exported(self):
        self.replace("lib/hunch.map", "hunch_a_make;", "")
        self.assert_only("hunch_a_make is declared in an installed header but not exported")

    def test_forbidden_words(self):
        for word in house.FORBIDDEN_WORDS:
            self.put("bloom/README.md", f"# x\nfine\n{word}: more\n")
            self.assert_only("bloom/README.md:3", f"the word {word}")
        self.put("bloom/README.md", "# x\ntemp.XX" + "XXXX\n")
        self.assertEqual(self.breaches(), [])

    def test_folder_without_readme(self):
        self.put("lib/new/some.c", "\n")
        self.assert_only("lib/new:1", "README.md")

    def test_folder_of_data_needs_no_readme(self):
        self.put("tests/golden/one.hunch", "\0")
        self.assertEqual(self.breaches(), [])

    def test_format(self):
        self.need(house.find_clang_format())
        self.put("lib/format/file.c", CLEAN["lib/format/file.c"].replace("    return", "  return"))
        self.assert_only("lib/format/file.c:4", "not as clang-format writes it")

    def test_wrong_use(self):
        with contextlib.redirect_stderr(io.StringIO()):
            self.assertEqual(house.main(["house.py", "--nonsense"]), 2)


if __name__ == "__main__":
    unittest.main()
