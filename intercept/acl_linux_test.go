package intercept

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/socktrace/socktrace/internal/need"
)

// encodeACL is what parseACL reads.
func encodeACL(list acl) []byte {
	b := binary.LittleEndian.AppendUint32(nil, 2)
	for _, e := range list {
		b = binary.LittleEndian.AppendUint16(b, e.tag)
		b = binary.LittleEndian.AppendUint16(b, e.rights)
		b = binary.LittleEndian.AppendUint32(b, e.id)
	}
	return b
}

const nobodys = 0xffffffff

// listOf returns a list: what it gives to the owner, a user by name, the group, a
// group by name, the mask and others.
func listOf(user, group, named, mask, other uint16) acl {
	return acl{{aclOwner, 7, nobodys}, {aclUser, user, 4001}, {aclGroup, group, nobodys}, {aclNamed, named, 4243},
		{aclMask, mask, nobodys}, {aclOther, other, nobodys}}
}

func TestACLGrants(t *testing.T) {
	for _, test := range []struct {
		list         acl
		group, other uint32
	}{
		{acl{{aclOwner, 7, nobodys}, {aclGroup, 6, nobodys}, {aclOther, 4, nobodys}}, 6, 4},
		{listOf(7, 6, 7, 7, 4), 6, 4},
		{listOf(7, 0, 7, 6, 6), 0, 6}, // the mode says rw for the group
		{listOf(7, 6, 7, 4, 7), 4, 4}, // whom the mask keeps from it may be among others
		{listOf(0, 6, 7, 7, 6), 0, 0}, // a user who is kept out may be of the group
		{listOf(7, 6, 4, 7, 6), 4, 4},
	} {
		list, err := parseACL(encodeACL(test.list))
		if err != nil {
			t.Fatal(err)
		}
		if group, other := list.grants(); group != test.group || other != test.other {
			t.Errorf("%v grants %d, %d; want %d, %d", test.list, group, other, test.group, test.other)
		}
	}
	if list, err := parseACL([]byte{2, 0, 0, 0}); list == nil || len(list) > 0 || err != nil {
		t.Errorf("a list of nothing: %v, %v", list, err)
	}
	for _, bad := range [][]byte{nil, {2, 0, 0}, {1, 0, 0, 0}, {2, 0, 0, 0, 1}} {
		if _, err := parseACL(bad); err == nil || err.Error() != "malformed access control list" {
			t.Errorf("%v: %v", bad, err)
		}
	}
}

// setACL gives a file a list.
func setACL(t *testing.T, path, attribute string, list acl) {
	t.Helper()
	err := unix.Setxattr(path, attribute, encodeACL(list), 0)
	if errors.Is(err, unix.ENOTSUP) {
		need.Skip(t, "acl", "this file system has no access control lists")
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestShareACL knows that the group's bits of a mode are a mask where there is a
// list: at the socket, and at a folder above it.
func TestShareACL(t *testing.T) {
	for _, test := range []struct {
		name      string
		sock, dir acl // nil: none
		want      os.FileMode
	}{
		{"none", nil, nil, 0o666},
		{"for a user alone", listOf(6, 0, 6, 6, 0), nil, 0o600},
		{"for a user too", listOf(6, 6, 6, 6, 0), nil, 0o660},
		{"against a user", listOf(0, 6, 6, 6, 6), nil, 0o600},
		{"folder for a user alone", nil, listOf(7, 0, 7, 7, 0), 0o600},
		{"folder for all", nil, listOf(7, 5, 5, 7, 5), 0o666},
		{"folder against a user", nil, listOf(0, 5, 5, 7, 5), 0o600},
	} {
		t.Run(test.name, func(t *testing.T) {
			above := openDir(t)
			dir := filepath.Join(above, "d")
			like := filepath.Join(dir, "s")
			if err := errors.Join(os.Mkdir(dir, 0o700), os.Chmod(dir, 0o755), os.WriteFile(like, nil, 0o600), os.Chmod(like, 0o666)); err != nil {
				t.Fatal(err)
			}
			if test.sock != nil {
				setACL(t, like, aclAttribute, test.sock)
			}
			if test.dir != nil {
				setACL(t, dir, aclAttribute, test.dir)
			}
			checkMode(t, filepath.Join(above, "new"), like, test.want)
		})
	}
}

// TestShareDefaultACL gives nothing to whom the folder of the new socket gives all
// that is made in it.
func TestShareDefaultACL(t *testing.T) {
	dir := openDir(t)
	like, path := filepath.Join(dir, "like"), filepath.Join(dir, "s")
	if err := errors.Join(os.WriteFile(like, nil, 0o600), os.Chmod(like, 0o660)); err != nil {
		t.Fatal(err)
	}
	setACL(t, dir, "system.posix_acl_default", listOf(7, 7, 7, 7, 7))
	l, err := Listen(Addr{"unix", path}, ListenOptions{Like: like})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if list, err := readACL(path); list != nil || err != nil {
		t.Errorf("the socket has the list %v, %v", list, err)
	}
	if got := permOf(t, path); got.mode != 0o660 {
		t.Errorf("mode %o", got.mode)
	}
}

// TestLongACL reads a list that is longer than usual ones are.
func TestLongACL(t *testing.T) {
	file := filepath.Join(openDir(t), "f")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if list, err := readACL(file); list != nil || err != nil {
		t.Errorf("without one: %v, %v", list, err)
	}
	list := acl{{aclOwner, 7, nobodys}}
	for id := range uint32(300) { // file systems take 4 KiB
		list = append(list, aclEntry{aclUser, 7, 5000 + id})
	}
	list = append(list, aclEntry{aclGroup, 6, nobodys}, aclEntry{aclMask, 7, nobodys}, aclEntry{aclOther, 4, nobodys})
	if err := unix.Setxattr(file, aclAttribute, encodeACL(list), 0); err != nil {
		need.Skip(t, "acl", err)
	}
	got, err := readACL(file)
	if err != nil || !slices.Equal(got, list) {
		t.Errorf("%d entries of %d, %v", len(got), len(list), err)
	}
	if err := dropACL(file); err != nil {
		t.Error(err)
	}
	if got, err := readACL(file); got != nil || err != nil {
		t.Errorf("it is left: %d entries, %v", len(got), err)
	}
	if _, err := readACL(filepath.Join(file, "x")); err == nil {
		t.Error("a list of nothing")
	}
	if err := dropACL(filepath.Join(file, "x")); err == nil {
		t.Error("nothing has none any more")
	}
}
