package dockerapi

import "path"

// Carries returns what the archive that comes with the call is, in words; empty if it
// may be anything, or there is none.
func (c Call) Carries() string {
	if c.Op == nil {
		return ""
	}
	return c.Op.Carries
}

// Readable returns the names of the files in that archive that people read: what a
// build does, and what it leaves out.
func (c Call) Readable() []string {
	if c.Carries() != buildContext {
		return nil
	}
	const ignored = ".dockerignore"
	file := "Dockerfile"
	if c.file != "" {
		file = path.Clean(c.file)
	}
	return []string{file, ignored, file + ignored}
}
