package intercept

import (
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// labelAttribute holds the label of SELinux (linux/xattr.h).
const labelAttribute = "security.selinux"

// access is who may connect to a socket, all that is kept of it with the file.
type access struct {
	mode, uid, gid uint32
	list, label    string // extended attributes, as they are; empty: none
}

// accessOf returns the access of the file at path, which is no link.
func accessOf(path string) (a access, err error) {
	var s unix.Stat_t
	if err := unix.Lstat(path, &s); err != nil {
		return a, err
	}
	a = access{mode: s.Mode & 0o7777, uid: s.Uid, gid: s.Gid}
	if a.list, err = attributeOf(path, aclAttribute); err != nil {
		return a, err
	}
	a.label, err = attributeOf(path, labelAttribute)
	return a, err
}

// give gives a to the file at path, which is ours and nobody's yet. The rights come
// last: until then it is for its owner alone.
//
// What cannot be given is an error if somebody could connect less, or more, for
// that. A label that cannot is a warning: what it means is the policy's affair.
func (a access) give(path string) (warning, err error) {
	if err := a.giveOwner(path); err != nil {
		return nil, err
	}
	if a.list == "" {
		err = dropACL(path)
	} else {
		err = unix.Lsetxattr(path, aclAttribute, []byte(a.list), 0)
	}
	if err != nil {
		return nil, fmt.Errorf("access control list: %w", err)
	}
	if err := os.Chmod(path, unixMode(a.mode)); err != nil {
		return nil, err
	}
	return giveLabel(path, a.label), nil
}

// giveOwner gives the file at path its owner and group.
func (a access) giveOwner(path string) error {
	var own unix.Stat_t
	if err := unix.Lstat(path, &own); err != nil {
		return err
	}
	if own.Gid != a.gid && os.Lchown(path, -1, int(a.gid)) != nil && (a.mode>>3&7 != a.mode&7 || a.list != "") {
		return fmt.Errorf("its group (%d) can only be kept by a member of that, or by root", a.gid)
	}
	// Root can connect whoever owns it.
	if own.Uid != a.uid && os.Lchown(path, int(a.uid), -1) != nil && a.uid != 0 {
		return fmt.Errorf("its owner (user %d) can only be kept by that user, or by root", a.uid)
	}
	return nil
}

// changed returns a with what differs between two later states of another file.
func (a access) changed(was, is access) access {
	if is.mode != was.mode {
		a.mode = is.mode
	}
	if is.uid != was.uid {
		a.uid = is.uid
	}
	if is.gid != was.gid {
		a.gid = is.gid
	}
	if is.list != was.list {
		a.list = is.list
	}
	if is.label != was.label {
		a.label = is.label
	}
	return a
}

// giveLabel gives a file a label of SELinux, unless that is empty. It returns why it
// could not.
func giveLabel(path, label string) error {
	if label == "" {
		return nil
	}
	if own, err := attributeOf(path, labelAttribute); err == nil && own == label {
		return nil
	}
	if err := unix.Lsetxattr(path, labelAttribute, []byte(label), 0); err != nil {
		return fmt.Errorf("the SELinux label of %s could not be kept: %w", path, err)
	}
	return nil
}

// copyLabel gives the file at to the label of what the path from leads to.
func copyLabel(from, to string) error {
	real, err := filepath.EvalSymlinks(from)
	if err != nil {
		return err
	}
	label, err := attributeOf(real, labelAttribute)
	if err != nil {
		return fmt.Errorf("the SELinux label of %s could not be read: %w", real, err)
	}
	return giveLabel(to, label)
}

// unixMode is a mode as package os has it.
func unixMode(mode uint32) os.FileMode {
	m := os.FileMode(mode & 0o777)
	for bit, is := range map[uint32]os.FileMode{unix.S_ISUID: os.ModeSetuid, unix.S_ISGID: os.ModeSetgid, unix.S_ISVTX: os.ModeSticky} {
		if mode&bit != 0 {
			m |= is
		}
	}
	return m
}
