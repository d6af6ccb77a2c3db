package dockercli

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/internal/need"
)

// TestContext names a context where the environment names others.
func TestContext(t *testing.T) {
	h := dockerHome{t, t.TempDir()}
	h.write("config.json", []byte(`{"currentContext":"here"}`))
	h.context("here", `{"Host":"unix:///here"}`, nil)
	h.context("there", `{"Host":"tcp://there:1"}`, nil)
	h.write("contexts/meta/junk/meta.json", []byte(`{"Name":"junk"}`))
	h.write("contexts/meta/"+contextID("broken")+"/meta.json", []byte("{"))
	for _, test := range []struct{ name, env, want string }{
		{"there", "DOCKER_HOST=tcp://h:1 DOCKER_CONTEXT=here DOCKER_TLS=1", "tcp://there:1"},
		{"default", "DOCKER_HOST=tcp://h:1 DOCKER_CONTEXT=here", "tcp://h:1"},
		{"default", "DOCKER_CONTEXT=here", "unix:///var/run/docker.sock"},
		{"ther", "", `error: docker context "ther": no such context`},
	} {
		u, err := Context(test.name, environ(test.env), h.path)
		got := describe(u)
		if err != nil {
			got = "error: " + err.Error()
		}
		if got != test.want {
			t.Errorf("%s with %s\ngot  %s\nwant %s", test.name, test.env, got, test.want)
		}
	}
	want := []string{"default", "here", "there"}
	_, err := Context("ther", environ(""), h.path)
	var none *NoContextError
	if !errors.As(err, &none) || !slices.Equal(none.Known, want) {
		t.Errorf("known: %v", err)
	}
	if got := Contexts(environ(""), h.path); !slices.Equal(got, want) {
		t.Errorf("there are %q", got)
	}
	if got := Contexts(environ("DOCKER_CONFIG=/no/such/folder"), h.path); !slices.Equal(got, want[:1]) {
		t.Errorf("where nobody made one there are %q", got)
	}
}

// TestContextsOfDocker reads the contexts that the docker CLI makes, as it does.
func TestContextsOfDocker(t *testing.T) {
	found := map[string]bool{} // by what the file is
	for _, name := range []string{"docker", "/usr/bin/docker"} {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		if path, err = filepath.EvalSymlinks(path); err != nil || found[path] {
			continue
		}
		found[path] = true
		t.Run(path, func(t *testing.T) { contextsOf(t, path) })
	}
	if len(found) == 0 {
		need.Skip(t, "docker", "no docker command")
	}
}

func contextsOf(t *testing.T, docker string) {
	cert, key := selfSignedPEM(t)
	files, config := t.TempDir(), t.TempDir()
	for name, b := range map[string][]byte{"ca": cert, "cert": cert, "key": key} {
		if err := os.WriteFile(filepath.Join(files, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run := func(args ...string) string {
		t.Helper()
		cmd := exec.Command(docker, args...)
		cmd.Env = append(slices.DeleteFunc(os.Environ(), func(kv string) bool { return strings.HasPrefix(kv, "DOCKER_") }), "DOCKER_CONFIG="+config)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", cmd, err, out)
		}
		return string(out)
	}
	with := ",ca=" + files + "/ca,cert=" + files + "/cert,key=" + files + "/key"
	all := map[string]string{ // what is given to create, and what it is
		"host=unix:///run/s":                                 "unix:///run/s",
		"host=unix:///run/s" + with:                          "unix:///run/s",
		"host=tcp://127.0.0.1:1":                             "tcp://127.0.0.1:1",
		"host=tcp://127.0.0.1:1/base":                        "tcp://127.0.0.1:1/base",
		"host=tcp://[::1]:1" + with:                          "tcp://[::1]:1 tls verify=::1 ca cert",
		"host=tcp://127.0.0.1" + with:                        "tcp://127.0.0.1:443 tls verify=127.0.0.1 ca cert",
		"host=tcp://127.0.0.1:1,skip-tls-verify=true":        "tcp://127.0.0.1:1 tls",
		"host=tcp://127.0.0.1:1,skip-tls-verify=true" + with: "tcp://127.0.0.1:1 tls cert",
		"host=tcp://127.0.0.1:1,ca=" + files + "/ca":         "tcp://127.0.0.1:1 tls verify=127.0.0.1 ca",
		"host=ssh://me@host:22":                              "ssh://me@host:22 by ssh -T -p 22 -l me -o ConnectTimeout=30 -- host docker system dial-stdio",
	}
	var names []string
	for given, want := range all {
		name := "c" + contextID(given)[:8]
		names = append(names, name)
		run("context", "create", name, "--docker", given)
		run("context", "use", name)
		for how, env := range map[string]string{"current": "", "by name": "DOCKER_CONTEXT=" + name} {
			if u, err := Upstream(environ("DOCKER_CONFIG="+config+" "+env), ""); err != nil || describe(u) != want {
				t.Errorf("%s, %s:\ngot  %s, %v\nwant %s", given, how, describe(u), err, want)
			}
		}
	}
	var listed []string
	for line := range strings.Lines(run("context", "ls", "--format", "{{json .Name}}")) {
		var name string
		if err := json.Unmarshal([]byte(line), &name); err != nil {
			t.Fatal(err)
		}
		listed = append(listed, name)
	}
	slices.Sort(listed)
	if got := Contexts(environ("DOCKER_CONFIG="+config), ""); !slices.Equal(got, listed) || len(got) != len(names)+1 {
		t.Errorf("got  %q\nwant %q", got, listed)
	}
}
