// Everything that a page needs to draw Vega-Lite charts without network and without eval.
import * as vega from "vega";
import { compile } from "vega-lite";
import { expressionInterpreter } from "vega-interpreter";

window.fictures = { vega, compile, expressionInterpreter };
