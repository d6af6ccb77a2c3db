// Package tracetest holds what the tests of every decoder and sink share:
// events as readable text (Dump), runs of pieces made one (Merge), the two
// properties that each decoder must have (Invariant and Loss), and the
// recorded sessions (Captures). Only tests import it.
package tracetest
