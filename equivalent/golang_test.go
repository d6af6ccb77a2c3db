package equivalent

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/internal/need"
)

// TestGo: the calls of many requests.
func TestGo(t *testing.T) { golden(t, "testdata/go.golden", calls(t, "go")) }

// clientModule is what the names in the calls are of.
const clientModule = "github.com/docker/docker@v28.5.1+incompatible"

// TestGoVet: all calls, as one program, are good Go that fits the client.
func TestGoVet(t *testing.T) {
	if testing.Short() {
		t.Skip("it compiles the client")
	}
	program := goHead
	_, all := requests(t)
	for _, body := range literalBodies() {
		all = append(all, request("ContainerCreate", "", "POST", "/v1.41/containers/create", body))
	}
	for _, x := range all {
		call := goClient(x, Options{})
		for _, line := range append(call.Setup, call.Text) {
			program += line + "\n"
		}
	}
	tls := goClient(all[0], Options{Daemon: "tcp://127.0.0.1:2376", TLS: true, CACert: "ca.pem", Cert: "cert.pem", Key: "key.pem"})
	program += strings.Join(append(tls.Setup, tls.Text), "\n") + "\n" + goFoot
	vetGo(t, program)
}

// literalBodies are documents with values that are special in Go.
func literalBodies() []string {
	return []string{
		`{"Image":"a\"b\\c\n\u0000\u202e${x}","Env":["A=\u00ff"],"Cmd":[],"Healthcheck":{"Interval":1,"Timeout":3600000000000}}`,
		`{"HostConfig":{"Memory":1e3,"CpuShares":99999999999999999999,"MaskedPaths":[],"ReadonlyPaths":[],"Mounts":[{"Type":"tmpfs","Target":"/t","TmpfsOptions":{"SizeBytes":1,"Mode":448,"Options":[["a","b"],["c"]]}}],"PortBindings":{"80/tcp":[{"HostPort":"1"}],"81/tcp":null,"82/tcp":[]},"DeviceRequests":[{"Count":-1,"Capabilities":[["gpu"]]}],"Ulimits":[{"Name":"n","Soft":1}],"BlkioWeightDevice":[{"Path":"/d","Weight":5}]},"ExposedPorts":{"80/tcp":{}},"Volumes":{"/v":{}}}`,
		`{"Labels":{"a":"b","a":"c"},"Image":"x","image":"y","ExposedPorts":{"80/tcp":{},"80/tcp":{}}}`,
		`{"NetworkingConfig":{"EndpointsConfig":{"a":null,"b":{},"c":{"Aliases":["x"],"GwPriority":3}}}}`,
	}
}

// vetGo has the go command look at a program in a module of its own, without which the
// test is skipped.
func vetGo(t *testing.T, program string) (dir string) {
	t.Helper()
	goCommand := need.Program(t, "go")
	dir = t.TempDir()
	for name, text := range map[string]string{"main.go": program, "go.mod": "module calls\n\ngo 1.24\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run := func(args ...string) ([]byte, error) {
		c := exec.Command(goCommand, args...)
		c.Dir = dir
		c.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
		return c.CombinedOutput()
	}
	if out, err := run("get", clientModule); err != nil {
		need.Skip(t, "the client for Go", string(out))
	}
	if out, err := run("mod", "tidy"); err != nil {
		need.Skip(t, "the client for Go", string(out))
	}
	if out, err := run("vet", "."); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return dir
}
