//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package intercept

import (
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// shareLike opens the socket at path, which is private, to those who can connect
// to the one at like, but to nobody else: what a folder above like keeps from a user
// counts as well as the socket's own mode. It gives less rather than more where the
// two kinds of rights of a mode cannot say the same. A label that cannot be given is
// told to warn, unless that is nil.
func shareLike(path, like string, warn func(error)) error {
	model, ok := modelOf(like)
	if !ok {
		return nil // stays private
	}
	var own unix.Stat_t
	if err := unix.Lstat(path, &own); err != nil {
		return err
	}
	if own.Gid != model.gid && os.Lchown(path, -1, int(model.gid)) != nil {
		// Its group counts among the others here.
		model.other &= model.group
		model.group = 0
	}
	// What a folder gives to whatever is made in it would count as soon as the
	// group has rights: they bound those of a list (acl(5)).
	if dropACL(path) != nil {
		return nil
	}
	if err := copyLabel(like, path); err != nil && warn != nil {
		warn(err)
	}
	return os.Chmod(path, os.FileMode(model.owner<<6|model.group<<3|model.other))
}

// model is what a socket grants: bits as in a mode, to its owner, its group and
// others.
type model struct {
	gid                 uint32
	owner, group, other uint32
}

// modelOf returns who can connect to the socket at path. It is not ok if that
// cannot be told: nothing is there, or it has no path at all.
func modelOf(path string) (m model, ok bool) {
	if path == "" || strings.HasPrefix(path, "@") {
		return m, false
	}
	real, err := filepath.EvalSymlinks(path)
	if err == nil {
		real, err = filepath.Abs(real)
	}
	var s unix.Stat_t
	if err != nil || unix.Stat(real, &s) != nil {
		return m, false
	}
	const readWrite = 6
	m = model{gid: s.Gid, owner: uint32(s.Mode) >> 6 & readWrite}
	m.group, m.other = granted(real, &s)
	m.group &= readWrite
	m.other &= readWrite
	m.ownedBy(int(s.Uid), os.Geteuid())
	for dir := filepath.Dir(real); ; dir = filepath.Dir(dir) {
		if !m.below(dir) {
			return m, false
		}
		if dir == filepath.Dir(dir) {
			return m, true
		}
	}
}

// ownedBy takes from m what the owner of the socket may not do, if that is neither
// us nor root: at the new one it is one of the others.
func (m *model) ownedBy(owner, us int) {
	if owner != us && owner != 0 {
		m.group &= m.owner
		m.other &= m.owner
	}
}

// below takes from m what the folder dir does not let through. It reports false if
// nothing is known of that.
func (m *model) below(dir string) bool {
	var s unix.Stat_t
	if unix.Stat(dir, &s) != nil {
		return false
	}
	group, other := granted(dir, &s)
	const search = 1
	groups, others := group&search != 0, other&search != 0
	// Members of the folder's group have its rights there. Anybody may be one, but
	// the groups are the same.
	same := s.Gid == m.gid
	if !groups || !others && !same {
		m.group = 0
	}
	if !others || !groups && !same {
		m.other = 0
	}
	return true
}

// granted returns what the group of a file and others may do with it, by its mode
// and its access control list. What the list gives to users and groups by name is
// left aside, and what it takes from any of them is taken from all.
func granted(path string, s *unix.Stat_t) (group, other uint32) {
	group, other = uint32(s.Mode)>>3&7, uint32(s.Mode)&7
	list, err := readACL(path)
	switch {
	case err != nil:
		return 0, 0
	case list == nil:
		return group, other
	}
	return list.grants()
}
