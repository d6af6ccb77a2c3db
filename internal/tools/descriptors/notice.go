package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
)

// origins are the modules whose descriptors are taken.
var origins = []string{
	"github.com/containerd/cgroups/v3",
	"github.com/containerd/containerd/api",
	"github.com/moby/buildkit",
	"github.com/tonistiigi/fsutil",
	"go.opentelemetry.io/proto/otlp",
	"google.golang.org/genproto/googleapis/rpc",
	"google.golang.org/grpc",
	"google.golang.org/protobuf",
	"k8s.io/cri-api",
}

// module is what go list tells of one.
type module struct{ Path, Version, Dir string }

// notices returns whose work the descriptors are, and each licence once.
func notices() ([]byte, error) {
	all, err := modules()
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.WriteString("descriptors.binpb.zst holds the descriptors of the messages and services of these modules,\n" +
		"without comments and options:\n")
	var texts [][]byte
	for _, m := range all {
		text, err := licence(m)
		if err != nil {
			return nil, err
		}
		n := slices.IndexFunc(texts, func(t []byte) bool { return bytes.Equal(t, text) })
		if n < 0 {
			n, texts = len(texts), append(texts, text)
		}
		fmt.Fprintf(&out, "\n  %s %s, licence %d", m.Path, m.Version, n+1)
		if b, err := os.ReadFile(filepath.Join(m.Dir, "NOTICE")); err == nil {
			fmt.Fprintf(&out, "; its notice:\n\n%s", bytes.TrimSpace(b))
		}
	}
	out.WriteString("\n")
	for i, t := range texts {
		fmt.Fprintf(&out, "\n\nLicence %d\n\n%s\n", i+1, t)
	}
	return out.Bytes(), nil
}

// modules returns the origins with their versions and folders.
func modules() ([]module, error) {
	b, err := exec.Command("go", append([]string{"list", "-m", "-json"}, origins...)...).Output()
	if err != nil {
		return nil, fmt.Errorf("list the modules: %w", err)
	}
	var all []module
	for d := json.NewDecoder(bytes.NewReader(b)); ; {
		var m module
		switch err := d.Decode(&m); err {
		case nil:
			all = append(all, m)
		case io.EOF:
			return all, nil
		default:
			return nil, fmt.Errorf("list the modules: %w", err)
		}
	}
}

// licence returns the text of a module's licence.
func licence(m module) ([]byte, error) {
	b, err := os.ReadFile(filepath.Join(m.Dir, "LICENSE"))
	if err != nil {
		return nil, fmt.Errorf("%s: read the licence: %w", m.Path, err)
	}
	return bytes.TrimSpace(b), nil
}
