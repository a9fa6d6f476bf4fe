/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames over a stream socket: sending and receiving. What is inside them: wire_payload.c. */
#include "photogate/wire.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "photogate/limits.h"

static const uint32_t FRAME_MAGIC = 0x31475450; /* "PTG1" in little-endian order */

static void put_le32(uint8_t *at, uint32_t v)
{
    for (int i = 0; i < 4; i++) {
        at[i] = (uint8_t)(v >> (8 * i));
    }
}

static uint32_t get_le32(const uint8_t *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

union control {
    char space[CMSG_SPACE(sizeof(int) * FRAME_MAX_FDS)];
    struct cmsghdr align;
};

static enum status send_header(int socket, const uint8_t *header, const int *fds, size_t n_fds,
                               struct err *err)
{
    struct iovec io = {.iov_len = FRAME_HEADER_BYTES};
    memcpy(&io.iov_base, &header, sizeof header); /* sendmsg does not write there */
    union control control;
    memset(&control, 0, sizeof control);
    struct msghdr m = {.msg_iov = &io, .msg_iovlen = 1};
    if (n_fds) {
        m.msg_control = control.space;
        m.msg_controllen = CMSG_SPACE(sizeof(int) * n_fds);
        struct cmsghdr *c = CMSG_FIRSTHDR(&m);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(sizeof(int) * n_fds);
        memcpy(CMSG_DATA(c), fds, sizeof(int) * n_fds);
    }
    ssize_t n;
    do {
        n = sendmsg(socket, &m, MSG_NOSIGNAL);
    } while (n < 0 && errno == EINTR);
    /* A header is far smaller than any socket buffer: it goes in one piece or not at all. */
    return n == FRAME_HEADER_BYTES ? STATUS_OK
                                   : err_set(err, STATUS_IO, "the examiner cannot be reached");
}

enum status wire_send(int socket, enum frame_type type, struct bytes payload, const int *fds,
                      size_t n_fds, struct err *err)
{
    if (payload.n > MAX_MESSAGE_BYTES || n_fds > FRAME_MAX_FDS) {
        return err_set(err, STATUS_LIMIT, "a message of %zu bytes is too long", payload.n);
    }
    uint8_t header[FRAME_HEADER_BYTES];
    put_le32(header, FRAME_MAGIC);
    put_le32(header + 4, (uint32_t)type);
    put_le32(header + 8, (uint32_t)payload.n);
    enum status st = send_header(socket, header, fds, n_fds, err);
    for (size_t done = 0; st == STATUS_OK && done < payload.n;) {
        ssize_t n = send(socket, payload.at + done, payload.n - done, MSG_NOSIGNAL);
        if (n > 0) {
            done += (size_t)n;
        } else if (n == 0 || errno != EINTR) {
            st = err_set(err, STATUS_IO, "the examiner cannot be reached");
        }
    }
    return st;
}

enum status wire_header(struct bytes header, enum frame_type *type, uint32_t *payload_bytes,
                        struct err *err)
{
    if (header.n != FRAME_HEADER_BYTES || get_le32(header.at) != FRAME_MAGIC) {
        return err_set(err, STATUS_FORMAT, "a message without its mark");
    }
    uint32_t kind = get_le32(header.at + 4), length = get_le32(header.at + 8);
    if (kind <= FRAME_UNKNOWN || kind > FRAME_FAILED) {
        return err_set(err, STATUS_FORMAT, "a message of unknown type %u", kind);
    }
    if (length > MAX_MESSAGE_BYTES) {
        return err_set(err, STATUS_LIMIT, "a message of %u bytes", length);
    }
    *type = (enum frame_type)kind;
    *payload_bytes = length;
    return STATUS_OK;
}

/* Descriptors that came with a header, or none of them when something about them is wrong. */
static enum status take_fds(struct msghdr *m, int *fds, size_t cap, size_t *n_fds, struct err *err)
{
    size_t n = 0;
    bool wrong = (m->msg_flags & MSG_CTRUNC) != 0;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) {
            wrong = true;
            continue;
        }
        size_t here = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < here; i++) {
            int fd;
            memcpy(&fd, CMSG_DATA(c) + i * sizeof fd, sizeof fd);
            if (n < cap) {
                fds[n++] = fd;
            } else {
                (void)close(fd);
                wrong = true;
            }
        }
    }
    if (wrong) {
        for (size_t i = 0; i < n; i++) {
            (void)close(fds[i]);
        }
        return err_set(err, STATUS_FORMAT, "a message with descriptors that do not belong");
    }
    *n_fds = n;
    return STATUS_OK;
}

static enum status receive_rest(int socket, uint8_t *at, size_t n, struct err *err)
{
    while (n) {
        ssize_t got = recv(socket, at, n, MSG_WAITALL);
        if (got > 0) {
            at += got;
            n -= (size_t)got;
        } else if (got == 0 || errno != EINTR) {
            return err_set(err, STATUS_IO, "the other side went away");
        }
    }
    return STATUS_OK;
}

enum status wire_receive(int socket, enum frame_type *type, struct buffer *payload, int *fds,
                         size_t cap, size_t *n_fds, struct err *err)
{
    uint8_t header[FRAME_HEADER_BYTES];
    union control control;
    struct iovec io = {.iov_base = header, .iov_len = sizeof header};
    struct msghdr m = {.msg_iov = &io,
                       .msg_iovlen = 1,
                       .msg_control = control.space,
                       .msg_controllen = sizeof control.space};
    ssize_t got;
    do {
        got = recvmsg(socket, &m, MSG_CMSG_CLOEXEC | MSG_WAITALL);
    } while (got < 0 && errno == EINTR);
    if (got != FRAME_HEADER_BYTES) {
        return err_set(err, STATUS_IO, "the other side went away");
    }
    size_t n = 0;
    enum status st = take_fds(&m, fds, cap, &n, err);
    if (st != STATUS_OK) {
        return st;
    }
    uint32_t length = 0;
    enum frame_type kind = FRAME_UNKNOWN;
    st = wire_header((struct bytes){header, sizeof header}, &kind, &length, err);
    if (st == STATUS_OK) {
        buffer_reset(payload);
        uint8_t *room = buffer_extend(payload, length);
        st = room ? receive_rest(socket, room, length, err) : buffer_status(payload, err);
    }
    if (st != STATUS_OK) {
        for (size_t i = 0; i < n; i++) {
            (void)close(fds[i]);
        }
        return st;
    }
    *type = kind;
    *n_fds = n;
    return STATUS_OK;
}
