// Imported for what it does: the engine's options are right afterwards.

import "./replaceProcess.ts";
