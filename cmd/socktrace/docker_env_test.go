//go:build unix

package main

import (
	"archive/tar"
	"bytes"
	"debug/elf"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/socktrace/socktrace/internal/need"
)

// testImage is made by the tests, of busybox alone.
const testImage = "socktrace-test:busybox"

// cli is a docker command.
type cli struct {
	path    string
	version string
}

// findDocker looks for docker commands that reach a daemon, and sees to it that
// the daemon has testImage.
var findDocker = sync.OnceValues(func() ([]cli, error) {
	var found []cli
	for _, name := range []string{"docker", "/usr/bin/docker"} {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		out, err := exec.Command(path, "version", "--format", "{{.Client.Version}} {{.Server.Version}}").CombinedOutput()
		if err != nil {
			return nil, fmt.Errorf("%s version: %w: %s", path, err, bytes.TrimSpace(out))
		}
		version, _, _ := strings.Cut(string(out), " ")
		if len(found) == 0 || found[0].version != version {
			found = append(found, cli{path, version})
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("no docker command")
	}
	if err := exec.Command(found[0].path, "image", "inspect", testImage).Run(); err != nil {
		if err := importImage(found[0]); err != nil {
			return nil, fmt.Errorf("image %s: %w", testImage, err)
		}
	}
	return found, nil
})

// dockers returns the docker commands to test with, or skips the test aloud.
func dockers(t testing.TB) []cli {
	t.Helper()
	found, err := findDocker()
	if err != nil {
		need.Skip(t, "docker", fmt.Errorf("a real daemon, DOCKER_HOST=%q: %w", os.Getenv("DOCKER_HOST"), err))
	}
	return found
}

// importImage makes testImage, with docker that has these flags.
func importImage(c cli, flags ...string) error {
	busybox, err := exec.LookPath("busybox")
	if err != nil {
		return err
	}
	binary, err := os.ReadFile(busybox)
	if err != nil {
		return err
	}
	if f, err := elf.NewFile(bytes.NewReader(binary)); err != nil {
		return err
	} else if libs, _ := f.ImportedLibraries(); len(libs) > 0 {
		return fmt.Errorf("%s is not static; Debian's package busybox-static has one", busybox)
	}
	var archive bytes.Buffer
	w := tar.NewWriter(&archive)
	write := func(h *tar.Header, data []byte) {
		if err == nil {
			err = w.WriteHeader(h)
		}
		if err == nil {
			_, err = w.Write(data)
		}
	}
	for _, dir := range []string{"bin/", "tmp/", "proc/", "dev/", "etc/"} {
		write(&tar.Header{Name: dir, Mode: 0o1777, Typeflag: tar.TypeDir}, nil)
	}
	write(&tar.Header{Name: "bin/busybox", Mode: 0o755, Size: int64(len(binary))}, binary)
	for _, name := range strings.Fields("sh cat echo sleep true tail mkfifo stty ls rm") {
		write(&tar.Header{Name: "bin/" + name, Linkname: "busybox", Typeflag: tar.TypeSymlink}, nil)
	}
	motd := []byte("hello from a file\n")
	write(&tar.Header{Name: "etc/motd", Mode: 0o644, Size: int64(len(motd))}, motd)
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return err
	}
	importer := exec.Command(c.path, append(flags, "import", "-", testImage)...)
	importer.Stdin = &archive
	if out, err := importer.CombinedOutput(); err != nil {
		return fmt.Errorf("import: %w: %s", err, out)
	}
	return nil
}

// names counts what uniqueName has returned.
var names atomic.Int64

// uniqueName returns a name for a container or image of this run of the tests.
func uniqueName() string {
	return "socktrace-test-" + strconv.Itoa(os.Getpid()) + "-" + strconv.FormatInt(names.Add(1), 10) + "-" + strconv.Itoa(rand.IntN(1e6))
}

// must runs docker, and returns what it prints, without the last line end.
func (c cli) must(t testing.TB, args ...string) string {
	t.Helper()
	got := launch(t, nil, c.path, args...).end()
	if got.status != "exit status 0" {
		t.Fatalf("docker %s: %s\n%s%s", strings.Join(args, " "), got.status, got.out, got.err)
	}
	return strings.TrimSuffix(got.out, "\n")
}

// container starts a container without network for the time of the test, and
// returns its name.
func (c cli) container(t testing.TB, command ...string) string {
	t.Helper()
	return c.containerWith(t, nil, command...)
}

func (c cli) containerWith(t testing.TB, flags []string, command ...string) string {
	t.Helper()
	name := uniqueName()
	args := append([]string{"run", "-d", "--network", "none", "--name", name}, flags...)
	t.Cleanup(func() { _ = exec.Command(c.path, "rm", "-f", name).Run() })
	c.must(t, append(append(args, testImage), command...)...)
	return name
}

// trace runs docker through socktrace, and returns the file with the JSON
// lines; the recordings are beside it.
func (c cli) trace(t testing.TB, prepare func(*exec.Cmd), args ...string) (*process, string) {
	t.Helper()
	r := recordingsIn(t.TempDir())
	flags := append(append([]string{"run", "--show-secrets"}, r.flags()...), "--", c.path)
	return socktrace(t, prepare, append(flags, args...)...), r.live
}

// varying is what two runs of the same command may print differently.
var varying = []struct {
	pattern *regexp.Regexp
	instead string
}{
	// Docker 20.10 says so or not, as its goroutines happen to run.
	{regexp.MustCompile(`time="[^"]*" level=error msg="error waiting for container: context canceled"\n`), ""},
	{regexp.MustCompile(`socktrace-test-\d+-\d+-\d+`), "NAME"},
	{regexp.MustCompile(`\b[0-9a-f]{64}\b`), "ID"},
	{regexp.MustCompile(`\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b`), "ID"},
	{regexp.MustCompile(`\b[0-9a-f]{12}\b`), "ID"},
	{regexp.MustCompile(`\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?`), "TIME"},
}

// normalise replaces what varies.
func normalise(s string) string {
	for _, v := range varying {
		s = v.pattern.ReplaceAllString(s, v.instead)
	}
	return s
}

// checkAlike fails the test if the traced run differs from the direct one.
func checkAlike(t testing.TB, direct, traced result) {
	t.Helper()
	check(t, "status", traced.status, direct.status)
	checkLines(t, "stdout", normalise(traced.out), normalise(direct.out))
	checkLines(t, "stderr", normalise(ownLines.ReplaceAllString(traced.err, "")), normalise(direct.err))
}

// ownLines are what socktrace itself says.
var ownLines = regexp.MustCompile(`(?m)^socktrace: .*\n`)

// writeBigTar writes an archive of one file that does not compress.
func writeBigTar(w io.Writer, size int64) error {
	archive := tar.NewWriter(w)
	if err := archive.WriteHeader(&tar.Header{Name: "random", Mode: 0o644, Size: size}); err != nil {
		return err
	}
	if _, err := io.CopyN(archive, rand.NewChaCha8([32]byte{3}), size); err != nil {
		return err
	}
	return archive.Close()
}
