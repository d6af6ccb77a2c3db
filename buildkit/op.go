package buildkit

import "strings"

// op is an operation of a graph (moby/buildkit, solver/pb/ops.proto), with the digest
// that others name it by.
type op struct {
	Digest string `json:"digest"`
	Inputs []struct {
		Digest string `json:"digest"`
	} `json:"inputs"`
	Exec   *execOp   `json:"exec"`
	Source *sourceOp `json:"source"`
	File   *fileOp   `json:"file"`
	Build  *struct{} `json:"build"`
	Merge  *struct{} `json:"merge"`
	Diff   *struct{} `json:"diff"`
}

type execOp struct {
	Meta struct {
		Args []string `json:"args"`
	} `json:"meta"`
}

type sourceOp struct {
	Identifier string `json:"identifier"`
}

type fileOp struct {
	Actions []fileAction `json:"actions"`
}

type fileAction struct {
	Copy *struct {
		Src  string `json:"src"`
		Dest string `json:"dest"`
	} `json:"copy"`
	Mkfile *pathOf `json:"mkfile"`
	Mkdir  *pathOf `json:"mkdir"`
	Rm     *pathOf `json:"rm"`
}

type pathOf struct {
	Path string `json:"path"`
}

// what tells what an operation does; nothing, if it does nothing.
func (o *op) what() string {
	switch {
	case o.Exec != nil:
		return "exec " + strings.Join(o.Exec.Meta.Args, " ")
	case o.Source != nil:
		return "source " + o.Source.Identifier
	case o.File != nil:
		return "file " + o.File.what()
	case o.Build != nil:
		return "build"
	case o.Merge != nil:
		return "merge"
	case o.Diff != nil:
		return "diff"
	}
	return ""
}

// what tells what is done with files, one after the other.
func (f *fileOp) what() string {
	var b strings.Builder
	for i := range f.Actions {
		if i > 0 {
			b.WriteString(", ")
		}
		switch a := &f.Actions[i]; {
		case a.Copy != nil:
			b.WriteString("copy " + a.Copy.Src + " to " + a.Copy.Dest)
		case a.Mkfile != nil:
			b.WriteString("make " + a.Mkfile.Path)
		case a.Mkdir != nil:
			b.WriteString("make " + a.Mkdir.Path + "/")
		case a.Rm != nil:
			b.WriteString("remove " + a.Rm.Path)
		}
	}
	return b.String()
}
