//go:build !unix

package chain

import "os"

// lock keeps nobody from a file here.
func lock(*os.File) bool { return true }
