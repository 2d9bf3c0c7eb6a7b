/* The payload of a command that is about one resource. */
package org.scmid.protocol;

/** The payload of a request that names the resource that it is about: a clock, a domain, a sensor. */
public abstract class ResourceRequestPayload<S extends ResourceRequestPayload<S>> extends RequestPayload<S> {
    private final Layout.U32 resource;

    /**
     * @param command the command, whose row says which field is the resource
     * @throws IllegalArgumentException if none is
     */
    protected ResourceRequestPayload(Message command) {
        super(command);
        Layout layout = command.fromAgent();
        if (layout.resourceOffset() == Layout.NO_RESOURCE) {
            throw new IllegalArgumentException(command.name() + " names no resource: [" + layout + "]");
        }
        this.resource = new Layout.U32(layout.resourceOffset());
    }

    /** Id of the clock, domain or sensor, unsigned. */
    public final int resource() {
        return get(resource);
    }

    public final S resource(int id) {
        return put(resource, id);
    }
}
