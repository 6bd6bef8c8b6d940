#import "view.h"
#import <Kit/Kit.h>
@import Foundation;
#import <UIKit/UIKit.h>
