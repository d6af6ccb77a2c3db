package dockercli

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/socktrace/socktrace/intercept"
)

// NoContextError says that there is no context of a name.
type NoContextError struct {
	Name  string
	Known []string // that there are, sorted, with the default one
}

// Error says so.
func (*NoContextError) Error() string { return "no such context" }

// maxContexts bounds how many contexts are looked at to tell their names.
const maxContexts = 1000

// Contexts returns the names of the contexts that there are, sorted: the default one,
// and those of the CLI's store that can be read.
func Contexts(getenv func(string) string, home string) []string {
	return contextsIn(filepath.Join(configFolder(getenv, home), "contexts"))
}

func contextsIn(store string) []string {
	names := []string{defaultContext}
	folders, _ := os.ReadDir(filepath.Join(store, "meta")) // where there is none, nobody made one
	for _, f := range folders[:min(len(folders), maxContexts)] {
		var meta struct{ Name string }
		err := readJSON(filepath.Join(store, "meta", f.Name(), "meta.json"), &meta)
		if err == nil && f.Name() == contextID(meta.Name) {
			names = append(names, meta.Name)
		}
	}
	slices.Sort(names)
	return names
}

// contextID returns what the folders of a context are called: the hash of its name.
func contextID(name string) string {
	sum := sha256.Sum256([]byte(name))
	return hex.EncodeToString(sum[:])
}

// contextUpstream reads a context from the CLI's store.
func contextUpstream(store, name string) (intercept.Upstream, error) {
	id := contextID(name)
	var meta struct {
		Endpoints map[string]struct {
			Host          string
			SkipTLSVerify bool
		}
	}
	if err := readJSON(filepath.Join(store, "meta", id, "meta.json"), &meta); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			err = &NoContextError{name, contextsIn(store)}
		}
		return intercept.Upstream{}, err
	}
	endpoint, ok := meta.Endpoints["docker"]
	if !ok {
		return intercept.Upstream{}, errors.New("it has no docker endpoint")
	}
	if !isTCP(endpoint.Host) {
		addr, err := dockerAddr(endpoint.Host)
		if err != nil {
			return intercept.Upstream{}, err
		}
		return plain(addr)
	}
	files, err := readTLSFiles(filepath.Join(store, "tls", id, "docker"))
	if err != nil {
		return intercept.Upstream{}, err
	}
	encrypt := files.ca != nil || files.cert != nil || files.key != nil || endpoint.SkipTLSVerify
	addr, err := contextAddr(endpoint.Host, encrypt)
	if err != nil {
		return intercept.Upstream{}, err
	}
	if !encrypt {
		return plain(addr)
	}
	return files.upstream(addr, !endpoint.SkipTLSVerify)
}

// isTCP reports whether the CLI reaches the host of a context by TCP.
func isTCP(host string) bool {
	scheme, _, ok := strings.Cut(host, "://")
	return ok && (scheme == "tcp" || scheme == "http" || scheme == "https")
}

// contextAddr reads the host of a context on TCP. Other than in DOCKER_HOST, the CLI
// takes it as it is: without a port it is that of HTTP, and whether it is encrypted is
// a matter of the context's files alone, even if it is https://.
func contextAddr(host string, encrypt bool) (intercept.Addr, error) {
	_, rest, _ := strings.Cut(host, "://")
	scheme := "http://"
	if encrypt {
		scheme = "https://"
	}
	addr, err := intercept.ParseAddr(scheme + rest)
	if err != nil {
		if _, e := intercept.ParseAddr(host); e != nil {
			err = e // it tells the address as it is written
		}
		return intercept.Addr{}, err
	}
	return intercept.Addr{Network: "tcp", Address: addr.Address}, nil
}
