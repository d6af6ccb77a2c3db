//go:build unix

package main

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// tarOf returns an archive of files with the same text.
func tarOf(t *testing.T, text string, names ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, name := range names {
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(text)), Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// archivePlants are archives with a secret in a file that people read, and in others.
func archivePlants(t *testing.T) []plant {
	const token = "ghp_0123456789abcdefghijABCDEFGHIJ012345"
	key := secret("key")
	recipe := tarOf(t, "FROM x\nARG API_TOKEN="+key+"\nENV DB_PASSWORD "+key+"\n", "Dockerfile", "caf\xe9", "d/"+token)
	send := func(line, b string) string {
		return fmt.Sprintf("> %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-tar\r\nContent-Length: %d\r\n\r\n%s", line, len(b), b)
	}
	get := func(b string) []string {
		return []string{"> GET /images/get?names=x HTTP/1.1\r\nHost: x\r\n\r\n", fmt.Sprintf("< HTTP/1.1 200 OK\r\nContent-Type: application/x-tar\r\nContent-Length: %d\r\n\r\n%s", len(b), b)}
	}
	all := []plant{{"saved", []string{key, token}, get(recipe)},
		{"saved late", []string{key, token}, get(recipe[:len(recipe)-1024] + `{"error":"late"}`)}}
	for name, b := range map[string]string{"plain": recipe, "packed": gzipped(recipe), "xz": "\xfd7zXZ\x00" + key + strings.Repeat("x", 100), "garbage": recipe + key, "cut": recipe[:700]} {
		all = append(all, plant{name, []string{key, token}, []string{send("POST /v1.41/build?dockerfile=.%2FDockerfile", b), answer(`{"stream":"built"}`)}})
	}
	return all
}

// TestArchivesAgree records archives: what is read back is what was told live, masked
// and not, and nothing shows what is secret in them.
func TestArchivesAgree(t *testing.T) {
	conns := make(chan net.Conn, 1)
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	daemon := fakeDaemon(t, func(c net.Conn) { conns <- c; <-release })
	for _, secrets := range []string{"--show-secrets=false", "--show-secrets"} {
		t.Run(secrets, func(t *testing.T) {
			r := recordingsIn(t.TempDir())
			l := listenWith(t, nil, daemon, append(r.flags(), secrets)...)
			plants := archivePlants(t)
			for _, p := range plants {
				p.play(t, l.path, conns)
			}
			check(t, "status", l.stop(syscall.SIGTERM).status, "exit status 0")
			shown := secrets == "--show-secrets"
			if !shown {
				r.pcapng = r.har // what is masked later has other marks
			}
			checkAgree(t, r, secrets)
			for _, file := range []string{r.live, r.har} {
				for _, view := range []string{"text", "compact", "jsonl"} {
					got := socktrace(t, nil, "read", secrets, "-f", view, file).end().out
					for _, s := range plants[0].secrets {
						if view == "text" && strings.Contains(got, s) != shown || !shown && strings.Contains(got, s) {
							t.Errorf("%s of %s has %s: %t", view, filepath.Ext(file), s, !shown)
						}
					}
					if view == "compact" && !strings.Contains(got, "3 files, ") {
						t.Errorf("compact of %s has no sum:\n%s", filepath.Ext(file), got)
					}
				}
			}
		})
	}
}

// archived is an entry of an archive as it is told.
type archived struct {
	Name, Type, Mode, Link string
	Size                   int64
}

// entries returns those that are told.
func (all events) entries(t *testing.T) (list []archived) {
	t.Helper()
	for _, ev := range all.of("message") {
		if ev.Kind != "entry" {
			continue
		}
		var e archived
		if err := json.Unmarshal(ev.JSON, &e); err != nil {
			t.Fatalf("%v in %s", err, ev.JSON)
		}
		list = append(list, e)
	}
	return list
}

// checkHidden checks that a secret is in no file.
func checkHidden(t *testing.T, secret string, files ...string) {
	t.Helper()
	for _, file := range files {
		if b, err := os.ReadFile(file); err != nil || bytes.Contains(b, []byte(secret)) {
			t.Errorf("%s has the secret: %v", filepath.Ext(file), err)
		}
	}
}

// TestDockerContext builds with the legacy builder: the list of the context is that of
// the folder, without what is ignored, and the secrets in it are in no output.
func TestDockerContext(t *testing.T) {
	for _, docker := range dockers(t) {
		t.Run(docker.version, func(t *testing.T) {
			t.Parallel()
			folder, want := contextFolder(t)
			name := uniqueName()
			t.Cleanup(func() { _ = exec.Command(docker.path, "rmi", "-f", name).Run() })
			r := recordingsIn(t.TempDir())
			args := append(append([]string{"run"}, r.flags()...), "--", docker.path, "build", "--no-cache", "--network", "none", "-t", name, folder)
			legacy := func(c *exec.Cmd) { c.Env = append(os.Environ(), "DOCKER_BUILDKIT=0") }
			got := socktrace(t, legacy, args...).end()
			check(t, "status", got.status, "exit status 0")
			all := eventsIn(t, r.live)
			entries := all.entries(t)
			slices.SortFunc(entries, func(a, b archived) int { return strings.Compare(a.Name, b.Name) })
			if !slices.Equal(entries, want) {
				t.Errorf("got %+v\nwant %+v", entries, want)
			}
			texts := regexp.MustCompile(` #[0-9a-f]+]`).ReplaceAllString(all.text("text"), "]")
			check(t, "texts", texts, "*.log\nFROM "+testImage+"\nARG API_TOKEN=[masked 21 bytes]\nCOPY . /x\n")
			checkHidden(t, secret("arg"), r.live, r.har)
		})
	}
}

// contextFolder returns a folder to be built, and its entries in an archive, sorted.
func contextFolder(t *testing.T) (dir string, want []archived) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range map[string]string{
		"Dockerfile": "FROM " + testImage + "\nARG API_TOKEN=" + secret("arg") + "\nCOPY . /x\n", ".dockerignore": "*.log\n",
		"big": strings.Repeat("0123456789abcdef", 1<<16), "a.log": "ignored", "src/caf\u00e9": "c", "src/deep/er": "",
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("../big", filepath.Join(dir, "src", "link")); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		name, _ := filepath.Rel(dir, path)
		if err != nil || name == "." || name == "a.log" {
			return err
		}
		info, err := d.Info()
		e := archived{Name: name, Type: "file", Mode: fmt.Sprintf("%04o", info.Mode().Perm()), Size: info.Size()}
		switch {
		case d.IsDir():
			e.Name, e.Type, e.Size = name+"/", "dir", 0
		case info.Mode()&fs.ModeSymlink != 0:
			e.Type, e.Link, e.Size = "link", "../big", 0
		}
		want = append(want, e)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(want, func(a, b archived) int { return strings.Compare(a.Name, b.Name) })
	return dir, want
}
