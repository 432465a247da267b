"""The notebooks run from their first cell to their last, and are kept without what a run left in them."""

import os
import unittest

import nbclient
import nbformat
from recorded import ROOT, Folder

NOTEBOOKS = sorted((ROOT / "python/notebooks").glob("*.ipynb"))


class Notebooks(Folder):
    def test_there_is_one_and_all_are_kept_clean(self) -> None:
        self.assertIn("first_steps.ipynb", [path.name for path in NOTEBOOKS])
        for path in NOTEBOOKS:
            for cell in nbformat.read(path, 4).cells:
                self.assertEqual((cell.get("outputs", []), cell.get("execution_count")), ([], None), f"{path.name}: clear its outputs")

    def test_every_cell_of_first_steps_runs(self) -> None:
        notebook = nbformat.read(ROOT / "python/notebooks/first_steps.ipynb", 4)
        os.environ["JUPYTER_RUNTIME_DIR"] = str(self.folder / "runtime")
        nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(self.folder)}}).execute()
        said = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
        printed = "".join(output.get("text", "") for output in said)
        self.assertRegex(printed, "(NOT MET|MET|NOT ENOUGH DATA): Sharpe")
        self.assertIn("OrderFilled {", printed)
        shown = "".join(output["data"].get("text/plain", "") for output in said if output.output_type == "execute_result")
        self.assertIn("rsi(14)", shown)
        self.assertIn("buy and hold", shown)


if __name__ == "__main__":
    unittest.main()
