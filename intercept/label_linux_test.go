package intercept

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/socktrace/socktrace/internal/need"
)

// TestShareLabel gives a socket the label of the one that it stands for, by whatever
// link that is named.
func TestShareLabel(t *testing.T) {
	dir := openDir(t)
	like, path, link := filepath.Join(dir, "like"), filepath.Join(dir, "s"), filepath.Join(dir, "link")
	if err := os.WriteFile(like, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	const label = "system_u:object_r:container_var_run_t:s0\x00"
	if err := unix.Lsetxattr(like, labelAttribute, []byte(label), 0); err != nil {
		need.Skip(t, "root", err)
	}
	if err := os.Symlink("like", link); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{like, link} {
		l, err := Listen(Addr{"unix", path}, ListenOptions{Like: name, Warn: func(err error) { t.Error(err) }})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := attributeOf(path, labelAttribute); got != label || err != nil {
			t.Errorf("label %q, %v", got, err)
		}
		l.Close()
	}
	if err := giveLabel(filepath.Join(dir, "none"), label); err == nil {
		t.Error("a label of nothing")
	}
	if err := giveLabel(filepath.Join(dir, "none"), ""); err != nil {
		t.Error(err)
	}
}
