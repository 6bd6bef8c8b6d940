import { deep } from "@acme/core/deep";
export default deep;
