package redact

import (
	"github.com/socktrace/socktrace/redact/internal/form"
	"github.com/socktrace/socktrace/redact/internal/jsonmask"
	"github.com/socktrace/socktrace/redact/internal/loose"
	"github.com/socktrace/socktrace/redact/internal/mask"
	"github.com/socktrace/socktrace/wire"
)

// isFile says whether m is the text of a file in an archive: one that people read, such
// as a Dockerfile. Decoders tell no others.
func (x *exchangeState) isFile(m *wire.Message) bool {
	return m.Kind == wire.KindText && m.Name != "" && x.listed[m.Dir&1]
}

// maskFile masks such a file, which comes whole, or whose end is missing: as any text, and
// as the commands that are in it.
func maskFile(r *rules, in jsonmask.Where, m *wire.Message) ([]byte, []string) {
	label, ended := bodyNames[m.Dir&1], !m.Truncated
	f := loose.Finder{Rules: &r.Rules, In: in, Label: label, Ended: ended}
	found := r.Assignments(nil, m.Data, 0, false, ended, label)
	return f.Find(found, m.Data).Mask(m.Data)
}

// maskPath masks the name of such a file, and adds to names.
func maskPath(r *rules, m *wire.Message, names []string) (string, []string) {
	name, more := maskFileName(r, []byte(m.Name), bodyNames[m.Dir&1])
	return string(name), append(names, more...)
}

// maskFileName masks what is a secret in the name of a file, by how it looks, or by what
// stands before it.
func maskFileName(r *rules, name []byte, label string) ([]byte, []string) {
	found := r.Assignments(nil, name, 0, false, true, label)
	return form.Mask(found, r.Marks, name, true, label)
}

// maskFiles masks the name in the sum of an archive: what is a secret in it, or all of it.
// It returns nil names if there is nothing to mask.
func maskFiles(r *rules, files *wire.Files, all bool, label string) (*wire.Files, []string) {
	if files == nil || files.Largest == "" {
		return files, nil
	}
	name, names := []byte(files.Largest), []string(nil)
	if all {
		name, names = mask.Cover(r.Marks, name, true, label)
	} else {
		name, names = maskFileName(r, name, label)
	}
	if names == nil {
		return files, nil
	}
	masked := *files
	masked.Largest = string(name)
	return &masked, names
}
