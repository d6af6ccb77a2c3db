//go:build !linux && !darwin

package main

import "os"

// isRaw always says no: nobody asks a terminal of this system for its mode.
func isRaw(*os.File) bool { return false }
