package localca

import (
	"crypto/tls"
	"crypto/x509"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func open(t *testing.T, dir string) *CA {
	t.Helper()
	ca, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return ca
}

// TestOpen makes a CA once, and finds it again; others cannot read its key.
func TestOpen(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "config", "socktrace", "ca")
	ca := open(t, dir)
	again := open(t, dir)
	if !ca.New || again.New || string(ca.PEM) != string(again.PEM) || !ca.key.Equal(again.key) {
		t.Errorf("made: %t, then %t", ca.New, again.New)
	}
	if runtime.GOOS != "windows" {
		for name, want := range map[string]os.FileMode{dir: os.ModeDir | 0o700, filepath.Join(dir, keyFile): 0o600} {
			if info, err := os.Stat(name); err != nil || info.Mode() != want {
				t.Errorf("%s: mode %v, %v; want %v", name, info.Mode(), err, want)
			}
		}
	}
	if rest, _ := os.ReadDir(filepath.Dir(dir)); len(rest) != 1 {
		t.Errorf("left beside it: %v", rest)
	}
	if !strings.HasPrefix(ca.Cert.Subject.String(), "CN=socktrace local CA,O=") || !ca.Cert.IsCA {
		t.Errorf("it is %v", ca.Cert.Subject)
	}
}

// TestOpenAtOnce has many make it at once: all get the same.
func TestOpenAtOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "ca")
	var all sync.Map
	var w sync.WaitGroup
	for range 20 {
		w.Go(func() {
			ca, err := Open(dir)
			if err != nil {
				t.Error(err)
				return
			}
			all.Store(string(ca.PEM), true)
		})
	}
	w.Wait()
	n := 0
	all.Range(func(any, any) bool { n++; return true })
	if n != 1 {
		t.Errorf("%d different ones", n)
	}
}

// TestOpenRefuses touches nothing that is broken, and says what it is.
func TestOpenRefuses(t *testing.T) {
	for _, c := range []struct {
		what string
		do   func(dir string) error
		want string // behind "local CA: "; DIR stands for the folder
	}{
		{"no key", func(dir string) error { return os.Remove(filepath.Join(dir, keyFile)) },
			"ca-key.pem is missing: remove the folder DIR to have a new one made"},
		{"bad key", func(dir string) error { return os.WriteFile(filepath.Join(dir, keyFile), []byte("x"), 0o600) },
			"DIR/ca-key.pem: not a key of a local CA"},
		{"bad certificate", func(dir string) error { return os.WriteFile(filepath.Join(dir, certFile), []byte("x"), 0o600) },
			"DIR/ca.pem: not a certificate"},
		{"open folder", func(dir string) error { return os.Chmod(dir, 0o777) },
			"DIR: others may write there (mode 0777): chmod 700, or remove the folder to have a new one made"},
		{"open key", func(dir string) error { return os.Chmod(filepath.Join(dir, keyFile), 0o644) },
			"DIR/ca-key.pem: others may read it (mode 0644): chmod 600, or remove the folder to have a new one made"},
		{"another's key", func(dir string) error {
			other := open(t, filepath.Join(t.TempDir(), "ca"))
			b, err := os.ReadFile(filepath.Join(filepath.Dir(other.File), keyFile))
			if err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(dir, keyFile), b, 0o600)
		}, "DIR/ca-key.pem: not the key of DIR/ca.pem"},
	} {
		if runtime.GOOS == "windows" && c.what == "open key" {
			continue
		}
		dir := filepath.Join(t.TempDir(), "ca")
		open(t, dir)
		if err := c.do(dir); err != nil {
			t.Fatal(err)
		}
		want := "local CA: " + strings.ReplaceAll(filepath.FromSlash(c.want), "DIR", dir)
		if _, err := Open(dir); err == nil || err.Error() != want {
			t.Errorf("%s: got  %v\nwant %s", c.what, err, want)
		}
	}
}

// TestLeaves are trusted by who trusts the CA, for the names of the listener and for
// the one that was asked for, and are renewed in time.
func TestLeaves(t *testing.T) {
	ca := open(t, filepath.Join(t.TempDir(), "ca"))
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(ca.PEM)
	l := ca.Leaves("127.0.0.1")
	now := time.Now()
	l.now = func() time.Time { return now }
	get := func(name string) *tls.Certificate {
		t.Helper()
		c, err := l.Certificate(&tls.ClientHelloInfo{ServerName: name})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	verify := func(c *tls.Certificate, name string) error {
		_, err := c.Leaf.Verify(x509.VerifyOptions{Roots: pool, DNSName: name, CurrentTime: now})
		return err
	}
	for _, name := range []string{"localhost", "127.0.0.1", "::1"} {
		if err := verify(get(""), name); err != nil {
			t.Error(err)
		}
	}
	if verify(get(""), "example.org") == nil {
		t.Error("it is for all names")
	}
	if err := verify(get("Docker.Example."), "docker.example"); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"a..b", "x y", "*", strings.Repeat("a.", 200), strings.Repeat("a", 64)} {
		if got := get(name).Leaf.DNSNames; !slices.Equal(got, []string{"localhost"}) {
			t.Errorf("%q: for %q", name, got)
		}
	}
	first := get("")
	if get("") != first {
		t.Error("it is made anew each time")
	}
	now = now.Add(leafValidity - renewal + time.Minute)
	if second := get(""); second == first || verify(second, "localhost") != nil {
		t.Error("it is not renewed")
	}
	for i := range 3 * maxLeaves {
		get(strings.Repeat("a", i%50+1) + strings.Repeat(".b", i/50+1))
	}
	if n := len(l.made); n > maxLeaves {
		t.Errorf("%d are kept", n)
	}
}

// TestNames are those by which a listener is reached.
func TestNames(t *testing.T) {
	for host, want := range map[string]string{
		"127.0.0.1": "localhost 127.0.0.1 ::1", "localhost": "localhost 127.0.0.1 ::1", "::1": "localhost 127.0.0.1 ::1",
		"127.0.0.2": "localhost 127.0.0.1 ::1 127.0.0.2", "10.0.0.7": "10.0.0.7", "db.example": "db.example",
	} {
		if got := strings.Join(namesOf(host), " "); got != want {
			t.Errorf("%s: %s, want %s", host, got, want)
		}
	}
	for _, host := range []string{"", "0.0.0.0", "::"} {
		if all := namesOf(host); !slices.Contains(all, "127.0.0.1") || slices.Contains(all, host) {
			t.Errorf("%q: %q", host, all)
		}
	}
}

// TestLastLeaves ends no later than its CA.
func TestLastLeaves(t *testing.T) {
	ca := open(t, filepath.Join(t.TempDir(), "ca"))
	l := ca.Leaves("localhost")
	l.now = func() time.Time { return ca.Cert.NotAfter.Add(-time.Hour) }
	c, err := l.Certificate(new(tls.ClientHelloInfo))
	if err != nil || c.Leaf.NotAfter.After(ca.Cert.NotAfter) {
		t.Errorf("until %v, %v", c.Leaf.NotAfter, err)
	}
}
