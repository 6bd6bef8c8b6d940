import common.tool
