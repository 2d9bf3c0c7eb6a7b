// Why the kernel does not hand out physical memory, in words.
package org.scmid.platform.register;

import java.nio.file.Path;
import org.scmid.config.register.WindowSpec;
import org.scmid.linux.Errno;
import org.scmid.linux.LinuxException;

/** What an error number of opening or mapping {@code /dev/mem} means here, and what helps. */
final class DevmemRefusal {
    private final HostKernel kernel;

    DevmemRefusal(HostKernel kernel) {
        this.kernel = kernel;
    }

    String explain(LinuxException e, WindowSpec spec, Path device) {
        return e.getMessage() + ": " + reason(e, spec, device);
    }

    private String reason(LinuxException e, WindowSpec spec, Path device) {
        String where = String.format("0x%x..0x%x", spec.at(), spec.at() + spec.size() - 1);
        boolean isOpening = e.getMessage().startsWith("open");
        return switch (e.errno()) {
            case Errno.EPERM -> isOpening ? closed() : withheld(where, spec);
            case Errno.EACCES ->
                "only root, with CAP_SYS_RAWIO, may map physical memory; access: uio:NAME can be given to others by the"
                        + " device file's permissions";
            case Errno.ENOENT ->
                "this kernel has no " + device + " (CONFIG_DEVMEM), or this container hides it; use access: uio:NAME,"
                        + " or --simulate";
            case Errno.EINVAL, Errno.ENXIO -> where + " is not an address of this machine; is this the right board?";
            default -> "cannot map " + where;
        };
    }

    /** The device cannot be opened at all. */
    private String closed() {
        if (!kernel.mayDoRawIo()) {
            return "this process lacks CAP_SYS_RAWIO, which root in a container usually does; run scmid with it, or use"
                    + " access: uio:NAME, which needs none";
        }
        String lockdown = kernel.lockdown();
        return lockdown.equals("none")
                ? "a security module, or this container's list of devices, forbids it; access: uio:NAME needs no such right"
                : "the kernel is locked down (" + lockdown
                        + "), as it is after a Secure Boot, and hands out no physical"
                        + " memory; use access: uio:NAME, or boot without lockdown";
    }

    /** It can be opened, but these addresses are not handed out. */
    private String withheld(String where, WindowSpec spec) {
        String refused = "the kernel does not hand out " + where + ", because it is built with STRICT_DEVMEM. ";
        if (kernel.isMemory(spec.at(), spec.size())) {
            return refused + "They are memory, not registers; are these the right address and the right board?";
        }
        String name = kernel.nameAt(spec.at(), spec.size());
        String reason =
                name == null ? "A driver owns these addresses, or they are memory" : "They belong to `" + name + "`";
        return refused + reason
                + "; unbind the driver, or boot with iomem=relaxed if it is one, or use access: uio:NAME, which needs"
                + " neither";
    }
}
