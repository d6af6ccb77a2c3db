package intercept

import (
	"encoding/binary"
	"errors"
)

// acl is an access control list, as Linux keeps it with a file (acl(5)):
// entries of a tag, rights as in a mode, and whose they are.
type acl []aclEntry

type aclEntry struct {
	tag, rights uint16
	id          uint32 // of a user or group
}

// The tags of entries (linux/posix_acl.h).
const (
	aclOwner = 0x01
	aclUser  = 0x02 // by its id
	aclGroup = 0x04 // of the file
	aclNamed = 0x08 // a group by its id
	aclMask  = 0x10 // bounds the three before
	aclOther = 0x20
)

// parseACL reads the extended attribute that holds a list: a version, 2, and
// entries of eight bytes (linux/posix_acl_xattr.h).
func parseACL(b []byte) (acl, error) {
	const head, each = 4, 8
	if len(b) < head || binary.LittleEndian.Uint32(b) != 2 || (len(b)-head)%each != 0 {
		return nil, errors.New("malformed access control list")
	}
	list := acl{}
	for b = b[head:]; len(b) > 0; b = b[each:] {
		list = append(list, aclEntry{binary.LittleEndian.Uint16(b), binary.LittleEndian.Uint16(b[2:]), binary.LittleEndian.Uint32(b[4:])})
	}
	return list, nil
}

// grants returns what the group of the file and others may do with it, less what
// the list keeps from any user or group that it names. With a mask the group's bits
// of the mode are that mask.
func (l acl) grants() (group, other uint32) {
	mask, named := uint16(7), uint16(7)
	for _, e := range l {
		if e.tag == aclMask {
			mask = e.rights
		}
	}
	for _, e := range l {
		switch e.tag {
		case aclUser, aclNamed:
			named &= e.rights & mask
		case aclGroup:
			group = uint32(e.rights & mask)
		case aclOther:
			other = uint32(e.rights)
		}
	}
	return group & uint32(named), other & uint32(named)
}
